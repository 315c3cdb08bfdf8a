import { accessSync, constants } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/** Debian packages of the programs and files that suites run against. */
const packages = {
  '/usr/share/containers/seccomp.json': 'golang-github-containers-common',
  amtool: 'prometheus-alertmanager',
  chromium: 'chromium',
  conntrack: 'conntrack',
  'dpkg-deb': 'dpkg',
  groff: 'groff-base',
  'docker-compose': 'docker-compose',
  ip: 'iproute2',
  iptables: 'iptables',
  keepalived: 'keepalived',
  nft: 'nftables',
  'ovn-controller': 'ovn-host',
  'ovn-nbctl': 'ovn-common',
  'ovn-northd': 'ovn-central',
  'ovs-vsctl': 'openvswitch-switch',
  'ovs-vswitchd': 'openvswitch-switch',
  'ovsdb-server': 'openvswitch-switch',
  'ovsdb-tool': 'openvswitch-common',
  prometheus: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  promtool: 'prometheus',
  'prometheus-node-exporter': 'prometheus-node-exporter',
  runc: 'runc',
  setpriv: 'util-linux',
  strace: 'strace',
  'systemd-analyze': 'systemd',
  unshare: 'util-linux',
} as const;
type Program = keyof typeof packages;

/**
 * Whether the programs are here that a suite runs against. A suite that misses one is left out, and one line names its
 * package; with CI=true it is a failure.
 */
export function havePrograms(...programs: readonly Program[]): boolean {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return true;
  const cure = [...new Set(missing.map((program) => packages[program]))].join(' ');
  return leaveOut(`${missing.join(', ')}: apt-get install ${cure}`);
}

/** The same for a suite that makes network namespaces, which takes root. */
export function haveProgramsAndRoot(...programs: readonly Program[]): boolean {
  return havePrograms(...programs) && (process.geteuid?.() === 0 || leaveOut('root'));
}

function leaveOut(want: string): false {
  if (process.env.CI === 'true') throw new Error(`Cannot run for want of ${want}`);
  process.stderr.write(`Left out, for want of ${want}\n`);
  return false;
}

function isInstalled(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(resolve(folder, program), program.startsWith('/') ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
