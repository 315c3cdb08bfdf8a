import { spawnSync } from 'node:child_process';
import { findProgram } from '../scripts/executable.ts';
import { sharedAnswer } from './shared-answers.ts';

interface Program {
  /** The Debian package that brings it. */
  readonly from: string;
  /** The oldest version that the suites are known to pass with: that of Debian 12. */
  readonly version: string;
  /** Arguments that make the program print its version; `--version` by default. */
  readonly ask?: readonly string[];
  /** Other names of it. */
  readonly aliases?: readonly string[];
}

/** The programs that suites run against. */
export const neededPrograms = {
  amtool: { from: 'prometheus-alertmanager', version: '0.25' },
  'ansible-playbook': { from: 'ansible-core', version: '2.14' },
  'apt-get': { from: 'apt', version: '2.6' },
  bash: { from: 'bash', version: '5.2' },
  chromium: { from: 'chromium', version: '120' },
  conntrack: { from: 'conntrack', version: '1.4.7' },
  dash: { from: 'dash', version: '', ask: ['-c', 'echo works'] },
  'docker-compose': { from: 'docker-compose', version: '1.29', ask: ['version', '--short'] },
  dpkg: { from: 'dpkg', version: '1.21' },
  'dpkg-deb': { from: 'dpkg', version: '1.21' },
  'dpkg-query': { from: 'dpkg', version: '1.21' },
  fish: { from: 'fish', version: '3.6' },
  groff: { from: 'groff-base', version: '1.22' },
  gzip: { from: 'gzip', version: '1.12' },
  ip: { from: 'iproute2', version: '6.1', ask: ['-V'] },
  iptables: {
    from: 'iptables',
    version: '1.8.9',
    aliases: ['ip6tables', 'iptables-save', 'ip6tables-save', 'iptables-restore', 'ip6tables-restore'],
  },
  'iptables-legacy': {
    from: 'iptables',
    version: '1.8.9',
    aliases: ['ip6tables-legacy', 'iptables-legacy-save', 'ip6tables-legacy-save'],
  },
  ipvsadm: { from: 'ipvsadm', version: '', ask: [] },
  jsonnet: { from: 'jsonnet', version: '0.18' },
  keepalived: { from: 'keepalived', version: '2.2.7' },
  ldd: { from: 'libc-bin', version: '2.36' },
  'linux.uml': { from: 'user-mode-linux', version: '6.1' },
  minisign: { from: 'minisign', version: '0.10', ask: ['-v'] },
  modprobe: { from: 'kmod', version: '30' },
  nfct: { from: 'nfct', version: '' },
  nft: { from: 'nftables', version: '1.0.6' },
  nginx: { from: 'nginx-light', version: '1.22', ask: ['-v'] },
  nsenter: { from: 'util-linux', version: '2.38' },
  'ovn-controller': { from: 'ovn-host', version: '23.03' },
  'ovn-nbctl': { from: 'ovn-common', version: '23.03' },
  'ovn-northd': { from: 'ovn-central', version: '23.03' },
  'ovs-vsctl': { from: 'openvswitch-switch', version: '3.1' },
  'ovs-vswitchd': { from: 'openvswitch-switch', version: '3.1' },
  'ovsdb-client': { from: 'openvswitch-common', version: '3.1' },
  'ovsdb-server': { from: 'openvswitch-switch', version: '3.1' },
  'ovsdb-tool': { from: 'openvswitch-common', version: '3.1' },
  pgrep: { from: 'procps', version: '4.0' },
  prlimit: { from: 'util-linux', version: '2.38' },
  prometheus: { from: 'prometheus', version: '2.42' },
  'prometheus-alertmanager': { from: 'prometheus-alertmanager', version: '0.25' },
  'prometheus-node-exporter': { from: 'prometheus-node-exporter', version: '1.5' },
  promtool: { from: 'prometheus', version: '2.42' },
  rpm: { from: 'rpm', version: '4.18' },
  rpmbuild: { from: 'rpm', version: '4.18' },
  runc: { from: 'runc', version: '1.1.5' },
  setpriv: { from: 'util-linux', version: '2.38' },
  strace: { from: 'strace', version: '6.1' },
  sysctl: { from: 'procps', version: '4.0' },
  'systemd-analyze': { from: 'systemd', version: '252' },
  tar: { from: 'tar', version: '1.34' },
  tcc: { from: 'tcc', version: '0.9.27', ask: ['-v'] },
  tmux: { from: 'tmux', version: '3.3', ask: ['-V'] },
  unshare: { from: 'util-linux', version: '2.38' },
  'victoria-metrics': { from: 'victoria-metrics', version: '', ask: ['-version'] },
  vmagent: { from: 'victoria-metrics', version: '', ask: ['-version'] },
  vmalert: { from: 'victoria-metrics', version: '', ask: ['-version'] },
  zsh: { from: 'zsh', version: '5.9' },
} as const satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof neededPrograms;

export function namesOf(name: ProgramName): readonly string[] {
  const { aliases = [] }: Program = neededPrograms[name];
  return [name, ...aliases];
}

/** What keeps a suite from running against a program: `promtool`, or `promtool 2.24 (needs 2.42)`. */
export function whyNot(name: ProgramName): string | undefined {
  if (findProgram(name) === undefined) return name;
  return sharedAnswer(name, () => judge(name, neededPrograms[name]) ?? '') || undefined;
}

/** Long enough for a browser on a busy machine. */
const patienceMs = 60_000;

/** What is wrong with a program that is there. */
export function judge(
  name: string,
  { version: oldest, ask = ['--version'] }: Pick<Program, 'version' | 'ask'>,
  timeout = patienceMs,
): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(name, ask, {
    encoding: 'utf8',
    timeout,
    killSignal: 'SIGKILL',
  });
  const output = `${stdout ?? ''}\n${stderr ?? ''}`;
  // A shell and the dynamic linker end with the last two where they cannot start it.
  const isBroken = error !== undefined || status === 126 || status === 127 || (status !== 0 && output.trim() === '');
  if (isBroken) return `${name} that works`;
  const [imitation] = /busybox|toybox/i.exec(output) ?? [];
  if (imitation !== undefined) return `${name} other than that of ${imitation}`;
  if (oldest === '') return undefined;
  const version = readVersion(output);
  return isAtLeast(version, oldest) ? undefined : `${name} ${version || 'of unknown version'} (needs ${oldest})`;
}

/** The first number in what a program prints, `''` without one. */
export function readVersion(output: string): string {
  const [, version = ''] = /(?:^|[\s(v/-])(\d+(?:\.\d+)+|\d+(?=[\s(]))/m.exec(output) ?? [];
  return version;
}

export function isAtLeast(version: string, oldest: string): boolean {
  if (version === '') return false;
  const [numbers, least] = [version, oldest].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const difference = least.map((part, index) => (numbers[index] ?? 0) - part).find((part) => part !== 0);
  return (difference ?? 0) >= 0;
}
