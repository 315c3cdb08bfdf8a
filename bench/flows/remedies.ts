import { execFileSync, spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { samplesOf } from '../../test/diagnosis/samples.ts';

/** What flows-sender.ts sends to. */
const vip = '198.18.0.1';
const perSecond = 50;
/** After 120 s, unanswered SYNs leave as fast as they arrive. */
const settledSeconds = 130;
const afterSeconds = [10, 30, 150];

interface Cure {
  readonly title: string;
  readonly commands: readonly string[];
}

/**
 * What each remedy does to a table that one-way connections fill: its live entries before and after the commands, at
 * the same load. Each has a host of its own, a network namespace to which a client in another one sends.
 */
export async function compareRemedies(print: (line: string) => void): Promise<void> {
  const rows = await Promise.all(listCures().map(watch));
  const times = afterSeconds.map((seconds) => `after ${seconds} s`);
  print(`| ${perSecond} a second | before | ${times.join(' | ')} |`);
  print(`| --- | ---: | ${times.map(() => '---:').join(' | ')} |`);
  for (const row of rows) print(`| ${row.join(' | ')} |`);
}

/** The commands of `diagnose` for such a table, but for its size: of that there is only one for all namespaces. */
function listCures(): Cure[] {
  const labels = `protocol="tcp",address="${vip}",port="80",zone="0"`;
  const [finding] = diagnose(
    samplesOf(`
      conntrack_entries 6000
      conntrack_entries_limit 6500
      conntrack_timeout_seconds{protocol="tcp",state="syn_sent"} 120
      conntrack_destination_entries{${labels}} 6000
      conntrack_destination_unreplied_entries{${labels}} 6000
      conntrack_destination_verdict{${labels},verdict="direct_return"} 1`),
  );
  return [
    { title: 'Nothing is done', commands: [] },
    ...(finding?.remedies ?? []).filter(({ commands }) => commands.length > 0),
    {
      title: 'The rule of a stateless security group',
      commands: ['iptables -t raw -I PREROUTING 1 -i eth0 -j CT --notrack'],
    },
  ];
}

async function watch({ title, commands }: Cure, index: number): Promise<(string | number)[]> {
  const [host, client] = [`lvs-bench-${process.pid}-host${index}`, `lvs-bench-${process.pid}-client${index}`];
  for (const name of [host, client]) execFileSync('ip', ['netns', 'add', name]);
  const seconds = settledSeconds + Math.max(...afterSeconds) + 10;
  try {
    connect(host, client);
    const sender = startSender(client, seconds);
    try {
      return [title, ...(await measure(host, commands))];
    } finally {
      sender.kill();
    }
  } finally {
    for (const name of [host, client]) execFileSync('ip', ['netns', 'delete', name]);
  }
}

async function measure(host: string, commands: readonly string[]): Promise<number[]> {
  await sleep(settledSeconds * 1000);
  const counts = [countLive(host)];
  for (const command of commands) run(host, command);
  let waited = 0;
  for (const seconds of afterSeconds) {
    await sleep((seconds - waited) * 1000);
    waited = seconds;
    counts.push(countLive(host));
  }
  return counts;
}

/**
 * The host's answers never reach its connection tracking, as those of direct return. The sender does not sum what it
 * sends.
 */
function connect(host: string, client: string): void {
  execFileSync('ip', ['link', 'add', 'eth0', 'netns', host, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', client]);
  run(client, 'ip address add 10.9.0.1/24 dev eth0; ip link set eth0 up; ip route add default dev eth0');
  run(
    host,
    `sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
    ip address add ${vip}/32 dev eth0; sysctl -qw net.ipv4.conf.eth0.rp_filter=0; ip link set eth0 up
    ip route add default dev eth0
    sysctl -qw net.netfilter.nf_conntrack_checksum=0
    nft add table inet silent
    nft 'add chain inet silent output { type filter hook output priority -350; }'
    nft add rule inet silent output meta l4proto tcp drop
    nft 'add chain inet silent input { type filter hook input priority 0; }'
    nft add rule inet silent input ct state established accept`,
  );
}

function startSender(client: string, seconds: number) {
  const script = fileURLToPath(new URL('sender.ts', import.meta.url));
  const schedule = JSON.stringify([[seconds, perSecond, perSecond]]);
  const node = [process.execPath, '--import', 'tsx', script, 'syn', schedule];
  return spawn('ip', ['netns', 'exec', client, ...node], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Reading the table removes what has expired. */
function countLive(host: string): number {
  return Number(run(host, 'conntrack -L -p tcp 2>/dev/null | wc -l'));
}

function run(namespace: string, command: string): string {
  return execFileSync('ip', ['netns', 'exec', namespace, 'bash', '-c', command], { encoding: 'utf8', stdio: 'pipe' });
}
