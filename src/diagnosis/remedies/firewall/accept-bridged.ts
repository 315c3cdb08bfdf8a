import { firewallRefusalInfo } from '../../../collectors/firewall/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import { keepRules } from '../../commands/rule-files.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import type { FileLines, RemedyKind } from '../../remedy.ts';

const rule = '-m physdev --physdev-is-bridged -j ACCEPT';

/** A policy, or a rule without a comparison, that was meant for what the host routes. */
export const acceptBridged: RemedyKind = {
  docs: 'refused-packets',
  effect: 'cure',
  preconditions: ['iptables-installed'],
  plan: (readings, { id, details }) => {
    if (id !== 'packets-refused' || !details.isBridged || filtersBridges(readings)) return undefined;
    if (details.position !== 'policy' && !/^-[jg] \S+( --reject-with \S+)?$/.test(details.rule)) return undefined;
    const chain = details.owners.includes('docker') ? 'DOCKER-USER' : 'FORWARD';
    const run = (options: string) => commandInNamespace(readings.netns, `${details.tool} ${options}`);
    return {
      owner: ownerOf(readings),
      title: 'Accept what only crosses a bridge of this host',
      commands: [run(`-I ${chain} 1 ${rule}`)],
      tradeOff:
        'Rules of this chain no longer apply between machines or containers of one bridge. What the host routes is refused as before.',
      undo: [run(`-D ${chain} ${rule}`)],
      persistent:
        chain === 'FORWARD'
          ? keepRules(readings, [{ tool: details.tool, table: 'filter', lines: [`-I ${chain} 1 ${rule}`] }])
          : [withDocker(details.tool, chain)],
      verify: [run('-L FORWARD -n -v'), 'lvs-exporter diagnose'],
    };
  },
};

/** Docker keeps what is in its chain while it runs, and no file of rules may have this chain: loading it empties it. */
function withDocker(tool: string, chain: string): FileLines {
  const run = `${tool} -C ${chain} ${rule} || ${tool} -I ${chain} 1 ${rule}`;
  return {
    file: '/etc/systemd/system/docker.service.d/lvs-exporter.conf',
    lines: ['[Service]', `ExecStartPost=/bin/sh -c '${run}'`],
  };
}

/** These keep machines of one bridge apart by rules that bridged packets meet. */
function filtersBridges(readings: Readings): boolean {
  return readings
    .all(firewallRefusalInfo)
    .some(({ labels: { owners = '', chain = '' } }) => /neutron|proxmox/.test(owners) || / [FH][IO]-vnet/.test(chain));
}
