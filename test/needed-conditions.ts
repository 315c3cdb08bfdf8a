import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir, networkInterfaces } from 'node:os';
import { join } from 'node:path';

interface Condition {
  isMet(): boolean;
  /** The Debian package that brings it. */
  readonly from?: string;
  /** What to do where no package brings it. */
  readonly advice?: string;
}

/** Where `scripts/newer-prometheus.sh` puts what is newer than Debian's. */
const newer = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lvs-exporter');
export const newerPrometheus = join(newer, 'prometheus-3');
export const newerPromtool = join(newer, 'promtool-3');
/** The system call filter that Docker, Podman and containerd have in common. */
export const seccompFile = '/usr/share/containers/seccomp.json';

const kernel = 'use a kernel that has it';
const privilege = 'run on a host, or in a container that may create it';

/** What suites need in addition to programs. A condition that starts programs is not met without them. */
export const neededConditions = {
  'Prometheus 3': {
    isMet: () => [newerPrometheus, newerPromtool].every((path) => may(path, constants.X_OK)),
    advice: 'run scripts/newer-prometheus.sh',
  },
  'seccomp.json': { isMet: () => may(seccompFile), from: 'golang-github-containers-common' },
  root: { isMet: () => process.geteuid?.() === 0 && hasOtherUsers(), advice: 'run as root' },
  'mount namespaces': {
    isMet: () => works('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'),
    advice: privilege,
  },
  'network namespaces': { isMet: () => worksInside('ip', 'link', 'set', 'lo', 'up'), advice: privilege },
  'user namespaces': { isMet: () => works('unshare', '--user', '--map-root-user', 'true'), advice: privilege },
  'system call tracing': { isMet: () => works('strace', '-o', '/dev/null', 'true'), advice: privilege },
  ctnetlink: { isMet: () => worksInside('conntrack', '-L'), advice: kernel },
  nf_tables: { isMet: () => worksInside('nft', 'add', 'table', 'inet', 'track'), advice: kernel },
  br_netfilter: {
    isMet: () => worksInside('sysctl', '-n', 'net.bridge.bridge-nf-call-iptables'),
    advice: 'load the module br_netfilter',
  },
  ip_tables: { isMet: () => worksInside('iptables-legacy', '-t', 'raw', '-S'), advice: kernel },
  NFQUEUE: {
    isMet: () => worksInside('iptables', '-A', 'FORWARD', '-j', 'NFQUEUE', '--queue-num', '0', '--queue-bypass'),
    advice: kernel,
  },
  SYNPROXY: {
    isMet: () => worksInside('iptables', '-A', 'FORWARD', '-p', 'tcp', '-j', 'SYNPROXY'),
    advice: kernel,
  },
  TCPMSS: {
    isMet: () => worksInside('iptables', '-A', 'FORWARD', '-p', 'tcp', '--syn', '-j', 'TCPMSS', '--set-mss', '1000'),
    advice: kernel,
  },
  '/proc/net/nf_conntrack': { isMet: () => may('/proc/net/nf_conntrack'), advice: kernel },
  '/proc/net/stat/nf_conntrack': { isMet: () => may('/proc/net/stat/nf_conntrack'), advice: kernel },
  IPv6: { isMet: hasIPv6, advice: 'turn IPv6 on' },
  Linux: { isMet: () => process.platform === 'linux', advice: 'use Linux' },
  x64: { isMet: () => process.arch === 'x64', advice: 'use an x64 machine' },
} as const satisfies Readonly<Record<string, Condition>>;

/** Root of a user namespace may have no user but itself, and then gives a file or a process to no other. */
function hasOtherUsers(): boolean {
  const ranges = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
  return ranges.some((range) => {
    const [first = 0, , count = 0] = range.trim().split(/\s+/).map(Number);
    return first <= otherUser && otherUser < first + count;
  });
}

/** `nobody` of Debian. */
const otherUser = 65534;

function may(path: string, mode = constants.R_OK): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function works(command: string, ...parameters: readonly string[]): boolean {
  try {
    execFileSync(command, parameters, { stdio: 'ignore', timeout: 60_000, killSignal: 'SIGKILL' });
    return true;
  } catch {
    return false;
  }
}

/** In a network namespace of its own. */
function worksInside(...command: readonly string[]): boolean {
  const namespace = `lvs-test-needs-${process.pid}`;
  if (!works('ip', 'netns', 'add', namespace)) return false;
  try {
    return works('ip', 'netns', 'exec', namespace, ...command);
  } finally {
    works('ip', 'netns', 'delete', namespace);
  }
}

function hasIPv6(): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return addresses.some(({ address }) => address === '::1');
}
