import { keepalivedVrrpState } from '../collectors/keepalived/metrics.ts';
import type { Sample } from '../scrape/metric.ts';
import type { Readings } from './readings.ts';

type Labels = Sample['labels'];

/** A VRRP instance that keepalived has, or had. */
export interface Instance {
  readonly labels: Labels;
  readonly name: string;
  /** Undefined where keepalived does not run. */
  readonly state: string | undefined;
}

export function listInstances(readings: Readings): Instance[] {
  const instances = new Map<string, Instance>();
  for (const { labels, value } of readings.all(keepalivedVrrpState)) {
    const { instance_name: name = '', state, ...others } = labels;
    const own = { instance_name: name, ...others };
    const known = instances.get(JSON.stringify(own));
    instances.set(JSON.stringify(own), { labels: own, name, state: value === 1 ? state : known?.state });
  }
  return [...instances.values()];
}
