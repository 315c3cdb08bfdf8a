import { isExecutable } from '../scripts/executable.ts';

/** The Debian package of each program that the lab runs. */
const packages = {
  'linux.uml': 'user-mode-linux',
  tcc: 'tcc',
  modprobe: 'kmod',
  ip: 'iproute2',
  sysctl: 'procps',
  'iptables-legacy': 'iptables',
  ipvsadm: 'ipvsadm',
  conntrack: 'conntrack',
  keepalived: 'keepalived',
  nginx: 'nginx-light',
  prometheus: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  strace: 'strace',
} as const;

export const labPrograms = Object.keys(packages) as (keyof typeof packages)[];

/** The search path of init.sh. */
const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The Debian packages to install before the lab can run. */
export function findMissingPackages(): string[] {
  return Object.entries(packages)
    .filter(([program]) => !folders.some((folder) => isExecutable(`${folder}/${program}`)))
    .map(([, name]) => name);
}
