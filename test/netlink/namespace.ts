import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A network namespace of a test's own. */
export interface Namespace {
  /** `/run/netns/...` */
  readonly path: string;
  /** Runs a command in it and returns what it prints. */
  run(command: string, ...parameters: readonly string[]): string;
  remove(): void;
}

export function createNamespace(name: string): Namespace {
  const unique = `lvs-test-${name}-${process.pid}`;
  execute('ip', 'netns', 'add', unique);
  return {
    path: `/run/netns/${unique}`,
    run: (command, ...parameters) => execute('ip', 'netns', 'exec', unique, command, ...parameters),
    remove: () => execute('ip', 'netns', 'delete', unique),
  };
}

function execute(command: string, ...parameters: readonly string[]): string {
  return execFileSync(command, parameters, { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a command that asks for something which a kernel may have been built without: zones, an age. */
function runIfSupported(namespace: Namespace, command: string, ...parameters: readonly string[]): void {
  try {
    namespace.run(command, ...parameters);
  } catch (error) {
    if (!/not supported|No such file|No chain\/target\/match/.test(String(error))) throw error;
  }
}

/**
 * Fills a namespace with a flow of every kind: synthetic ones that keep for a day, and real packets that give zones of
 * one direction and counters.
 */
export function fill(namespace: Namespace): void {
  for (const setting of ['acct=1', 'timestamp=1', 'udp_timeout=86400']) {
    runIfSupported(namespace, 'sysctl', '-q', '-w', `net.netfilter.nf_conntrack_${setting}`);
  }
  for (const flow of syntheticFlows) runIfSupported(namespace, 'conntrack', '-I', '-t', '86400', ...flow.split(' '));
  namespace.run('sysctl', '-q', '-w', 'net.ipv4.ip_local_port_range=40000 40000');
  namespace.run('ip', 'link', 'set', 'lo', 'up');
  for (const iptables of ['iptables', 'ip6tables']) {
    namespace.run(iptables, '-A', 'OUTPUT', '-m', 'conntrack', '--ctstate', 'NEW', '-j', 'ACCEPT');
  }
  for (const [port, option] of [
    ['5001', '--zone'],
    ['5002', '--zone-orig'],
    ['5003', '--zone-reply'],
  ] as const) {
    const rule = ['OUTPUT', '-p', 'udp', '--dport', port, '-j', 'CT', option, port];
    runIfSupported(namespace, 'iptables', '-t', 'raw', '-A', ...rule);
  }
  for (const target of ['127.0.0.1/5000', '127.0.0.1/5001', '127.0.0.1/5002', '127.0.0.1/5003', '::1/5000']) {
    namespace.run('bash', '-c', `echo hello > /dev/udp/${target}`);
  }
}

/** Loads this many UDP flows, each with its own source port. */
export function load(namespace: Namespace, flows: number): void {
  const file = join(mkdtempSync(join(tmpdir(), 'lvs-test-')), 'flows');
  const line = (port: number) => `-A -p udp -s 10.0.0.1 -d 10.0.0.2 --sport ${port} --dport 53 -t 86400\n`;
  try {
    writeFileSync(file, Array.from({ length: flows }, (_, index) => line(index + 1)).join(''));
    namespace.run('conntrack', '-R', file);
  } finally {
    rmSync(dirname(file), { recursive: true });
  }
}

const pair = '-s 10.0.0.1 -d 10.0.0.2';
const pairIPv6 = '-s fd00::1 -d fd00::2:0:0:3';
const syntheticFlows = [
  `-p tcp ${pair} --sport 1000 --dport 80 --state SYN_SENT -u UNSET`,
  `-p tcp ${pair} --sport 1001 --dport 80 --state ESTABLISHED -u SEEN_REPLY,ASSURED -m 4294967295`,
  `-p tcp ${pair} --sport 1002 --dport 80 --state CLOSE -u SEEN_REPLY`,
  `-p tcp ${pairIPv6} --sport 1000 --dport 443 --state TIME_WAIT -u SEEN_REPLY,ASSURED`,
  `-p udp ${pair} --sport 1000 --dport 53 -u SEEN_REPLY --zone 12`,
  `-p udp ${pair} --sport 1000 --dport 53 --orig-zone 13`,
  `-p udp ${pair} --sport 1001 --dport 53 --reply-zone 65535`,
  `-p udplite ${pair} --sport 1000 --dport 53`,
  `-p icmp ${pair} --icmp-type 8 --icmp-code 0 --icmp-id 77`,
  `-p icmpv6 ${pairIPv6} --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 78`,
  `-p sctp ${pair} --sport 1000 --dport 3868 --state COOKIE_ECHOED --orig-vtag 1 --reply-vtag 2`,
  `-p gre ${pair} --srckey 1 --dstkey 0x20`,
  `-p dccp ${pair} --sport 1000 --dport 5000 --state OPEN --role client`,
  `-p 89 ${pair}`,
];
