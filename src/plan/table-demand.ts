import { conntrackEntriesLimit, conntrackTimeoutSeconds } from '../collectors/conntrack-metrics.ts';
import { arrivalRate, tableEntries } from '../collectors/conntrack-table/metrics.ts';
import { sum } from '../flows/arithmetic.ts';
import { type Readings, splitByNamespace } from '../readings/readings.ts';
import type { Sample } from '../scrape/metric.ts';
import { kernelTimers, type Load, staySeconds, type Timers } from './load.ts';

/** What a stateful hop sees itself. */
export interface TableDemand {
  readonly loads: readonly Load[];
  readonly limit: number | undefined;
  readonly timers: Timers;
}

/** No entry stays longer without a packet: the timer of established connections. */
const maxStaySeconds = 432_000;

/**
 * Reads the demand of the host from its own table: the new flows of each kind, and how long each stays by Little's law.
 * Undefined where there are none to plan from.
 */
export function tableDemand(now: readonly Sample[], before: readonly Sample[] | undefined): TableDemand | undefined {
  const [readings] = splitByNamespace(now, before);
  if (readings === undefined || readings.all(tableEntries).length === 0) return undefined;
  const timers = readTimers(readings);
  const loads = (['tcp', 'udp'] as const).flatMap((protocol) =>
    (['half', 'both'] as const).map((seen) => loadOf(readings, timers, protocol, seen)),
  );
  const known = loads.filter(({ perSecond }) => perSecond > 0);
  return known.length === 0 ? undefined : { loads: known, limit: readings.value(conntrackEntriesLimit), timers };
}

/** Other protocols count as UDP: they have no states and short timers. */
function loadOf(readings: Readings, timers: Timers, protocol: Load['protocol'], seen: Load['seen']): Load {
  const replied = seen === 'both' ? 'yes' : 'no';
  const total = (samples: readonly Sample[]) =>
    sum(samples.filter(({ labels }) => (labels.protocol === 'tcp') === (protocol === 'tcp')).map(({ value }) => value));
  const entries = total(readings.all(tableEntries, { replied }));
  const perSecond = Math.max(total(readings.all(arrivalRate, { replied })), entries / maxStaySeconds);
  const load = { protocol, seen, perSecond, durationSeconds: 0 };
  const stay = perSecond > 0 ? entries / perSecond : 0;
  // A flow of no length stays for its timer; the rest of the time it is in use.
  return { ...load, durationSeconds: Math.max(0, stay - staySeconds(load, timers)) };
}

function readTimers(readings: Readings): Timers {
  const read = (protocol: string, state: string, otherwise: number) =>
    readings.value(conntrackTimeoutSeconds, { protocol, state }) ?? otherwise;
  return {
    synSent: read('tcp', 'syn_sent', kernelTimers.synSent),
    timeWait: read('tcp', 'time_wait', kernelTimers.timeWait),
    udp: read('udp', '', kernelTimers.udp),
    udpStream: read('udp', 'stream', kernelTimers.udpStream),
    lag: kernelTimers.lag,
  };
}
