import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian packages of the programs that suites run against. */
const packages = {
  amtool: 'prometheus-alertmanager',
  chromium: 'chromium',
  conntrack: 'conntrack',
  ip: 'iproute2',
  iptables: 'iptables',
  keepalived: 'keepalived',
  nft: 'nftables',
  prometheus: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  promtool: 'prometheus',
  'prometheus-node-exporter': 'prometheus-node-exporter',
  setpriv: 'util-linux',
  strace: 'strace',
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
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
