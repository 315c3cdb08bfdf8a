import { spawnSync } from 'node:child_process';
import { findProgram } from '../scripts/executable.ts';

interface Program {
  /** The Debian package that brings it. */
  readonly from: string;
  /** The oldest version that the suites are known to pass with: that of Debian 12. */
  readonly version: string;
  /** Arguments that make the program print its version; `--version` by default. */
  readonly ask?: readonly string[];
}

/** The programs that suites run against. */
export const neededPrograms = {
  amtool: { from: 'prometheus-alertmanager', version: '0.25' },
  'ansible-playbook': { from: 'ansible-core', version: '2.14' },
  bash: { from: 'bash', version: '5.2' },
  chromium: { from: 'chromium', version: '120' },
  conntrack: { from: 'conntrack', version: '1.4.7' },
  'docker-compose': { from: 'docker-compose', version: '1.29', ask: ['version', '--short'] },
  'dpkg-deb': { from: 'dpkg', version: '1.21' },
  fish: { from: 'fish', version: '3.6' },
  groff: { from: 'groff-base', version: '1.22' },
  ip: { from: 'iproute2', version: '6.1', ask: ['-V'] },
  iptables: { from: 'iptables', version: '1.8.9' },
  'iptables-legacy': { from: 'iptables', version: '1.8.9' },
  ipvsadm: { from: 'ipvsadm', version: '', ask: [] },
  jsonnet: { from: 'jsonnet', version: '0.18' },
  keepalived: { from: 'keepalived', version: '2.2.7' },
  'linux.uml': { from: 'user-mode-linux', version: '6.1' },
  minisign: { from: 'minisign', version: '0.10', ask: ['-v'] },
  modprobe: { from: 'kmod', version: '30' },
  nfct: { from: 'nfct', version: '' },
  nft: { from: 'nftables', version: '1.0.6' },
  nginx: { from: 'nginx-light', version: '1.22', ask: ['-v'] },
  'ovn-controller': { from: 'ovn-host', version: '23.03' },
  'ovn-nbctl': { from: 'ovn-common', version: '23.03' },
  'ovn-northd': { from: 'ovn-central', version: '23.03' },
  'ovs-vsctl': { from: 'openvswitch-switch', version: '3.1' },
  'ovs-vswitchd': { from: 'openvswitch-switch', version: '3.1' },
  'ovsdb-server': { from: 'openvswitch-switch', version: '3.1' },
  'ovsdb-tool': { from: 'openvswitch-common', version: '3.1' },
  prlimit: { from: 'util-linux', version: '2.38' },
  prometheus: { from: 'prometheus', version: '2.42' },
  'prometheus-alertmanager': { from: 'prometheus-alertmanager', version: '0.25' },
  'prometheus-node-exporter': { from: 'prometheus-node-exporter', version: '1.5' },
  promtool: { from: 'prometheus', version: '2.42' },
  rpmbuild: { from: 'rpm', version: '4.18' },
  runc: { from: 'runc', version: '1.1.5' },
  setpriv: { from: 'util-linux', version: '2.38' },
  strace: { from: 'strace', version: '6.1' },
  sysctl: { from: 'procps', version: '4.0' },
  'systemd-analyze': { from: 'systemd', version: '252' },
  tcc: { from: 'tcc', version: '0.9.27', ask: ['-v'] },
  tmux: { from: 'tmux', version: '3.3', ask: ['-V'] },
  unshare: { from: 'util-linux', version: '2.38' },
  'victoria-metrics': { from: 'victoria-metrics', version: '', ask: ['-version'] },
  vmagent: { from: 'victoria-metrics', version: '', ask: ['-version'] },
  vmalert: { from: 'victoria-metrics', version: '', ask: ['-version'] },
  zsh: { from: 'zsh', version: '5.9' },
} as const satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof neededPrograms;

/** Suites that share a process ask for the same programs. */
const answers = new Map<ProgramName, string | undefined>();

/** What keeps a suite from running against a program: `promtool`, or `promtool 2.24 (needs 2.42)`. */
export function whyNot(name: ProgramName): string | undefined {
  if (!answers.has(name)) answers.set(name, findProgram(name) === undefined ? name : judge(name, neededPrograms[name]));
  return answers.get(name);
}

/** What is wrong with a program that is there. */
export function judge(
  name: string,
  { version: oldest, ask = ['--version'] }: Omit<Program, 'from'>,
): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(name, ask, { encoding: 'utf8', timeout: 60_000 });
  const output = `${stdout ?? ''}\n${stderr ?? ''}`;
  // A shell and the dynamic linker end with the last two where they cannot start it.
  const isBroken = error !== undefined || status === 126 || status === 127 || (status !== 0 && output.trim() === '');
  if (isBroken) return `${name} that works`;
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
