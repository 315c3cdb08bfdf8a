import { ipvsSetting } from '../../../collectors/ipvs/metrics.ts';
import { known } from '../../../readings/known.ts';
import { isDirector } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';

/**
 * `update_defense_level()` in net/netfilter/ipvs/ip_vs_ctl.c: a mode of 1 waits until less than amemthresh pages are free,
 * and reads 2 as long as that is so; 3 is in force always.
 */
const modes = { whileLow: 2, always: 3 } as const;
/** The last one only shortens timers. */
const names = ['drop_packet', 'drop_entry', 'secure_tcp'] as const;

/** IPVS gives up connections on purpose, so that a flood does not take the last memory. */
export function defence(readings: Readings): Found<'ipvs-drops-on-purpose'>[] {
  if (!isDirector(readings)) return [];
  const inMode = (mode: number) => names.filter((name) => readings.value(ipvsSetting, { name }) === mode);
  const [always, whileLow] = [inMode(modes.always), inMode(modes.whileLow)];
  const all = [...always, ...whileLow];
  if (all.length === 0) return [];
  const rate = always.includes('drop_packet') ? (readings.value(ipvsSetting, { name: 'am_droprate' }) ?? 0) : 0;
  return [
    {
      id: 'ipvs-drops-on-purpose',
      severity: all.some((name) => name !== 'secure_tcp') ? 'critical' : 'warning',
      subject: {},
      numbers: known({ lostRatio: rate > 0 ? 1 / rate : undefined }),
      details: { always, whileLow },
    },
  ];
}
