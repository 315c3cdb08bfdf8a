import { prerequisitesSettingOwnerRunning } from '../../collectors/prerequisites/metrics.ts';
import type { Readings } from '../../readings/readings.ts';
import { type FileLines, isNone, mapSome, type Plan, type Some } from '../remedy.ts';

const iptablesFile = /^\/etc\/iptables\/rules\.v([46])$/;

/** firewalld replaces the rules of iptables whenever it is reloaded, and keeps those of others in a file of its own. */
export function keepWithFirewalld(readings: Readings, persistent: Plan['persistent']): Plan['persistent'] {
  if (isNone(persistent) || !readings.is(prerequisitesSettingOwnerRunning, { owner: 'firewalld' })) return persistent;
  return mapSome(persistent, ({ file, lines }): FileLines => {
    const [, version] = iptablesFile.exec(file) ?? [];
    const rules = version === undefined ? [] : directRules(version, lines);
    const [first, ...rest] = rules;
    return first === undefined
      ? { file, lines }
      : { file: '/etc/firewalld/direct.xml, below <direct>', lines: [first, ...rest] };
  });
}

/** From lines as iptables-restore reads them: `*raw`, `-I PREROUTING 1 ...`, `COMMIT`. */
function directRules(version: string, lines: Some<string>): string[] {
  let table = '';
  return lines.flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1);
    const [, chain, rule = ''] = /^-I (\S+) 1 (.*)$/.exec(line) ?? [];
    return chain === undefined
      ? []
      : [`<rule ipv="ipv${version}" table="${table}" chain="${chain}" priority="0">${rule}</rule>`];
  });
}
