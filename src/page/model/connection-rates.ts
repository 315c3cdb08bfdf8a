import { ipvsVirtualServerTraffic } from '../../collectors/ipvs/metrics.ts';
import { virtualServerKey } from '../../identity/virtual-server.ts';
import type { Sample } from '../../scrape/metric.ts';

/** Per second, by the key of a virtual server. */
export type Rates = ReadonlyMap<string, number>;

const counter = ipvsVirtualServerTraffic.connections;

/**
 * New connections per second of each virtual server. None for one that is new, and none for one whose counter fell:
 * it was zeroed.
 */
export function connectionRates(now: readonly Sample[], before: readonly Sample[], elapsedSeconds: number): Rates {
  const rates = new Map<string, number>();
  if (!(elapsedSeconds > 0)) return rates;
  const earlier = new Map(before.filter(isCounter).map(({ labels, value }) => [virtualServerKey(labels), value]));
  for (const { labels, value } of now.filter(isCounter)) {
    const key = virtualServerKey(labels);
    const rise = value - (earlier.get(key) ?? Number.NaN);
    if (rise >= 0) rates.set(key, rise / elapsedSeconds);
  }
  return rates;
}

function isCounter({ metric }: Sample): boolean {
  return metric.name === counter.name;
}
