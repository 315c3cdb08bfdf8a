import type { Collector } from '../scrape/collector.ts';
import { listSamples } from '../scrape/columns.ts';
import type { Sample } from '../scrape/metric.ts';
import { PartialFailure } from '../scrape/partial-failure.ts';

/** The same collector for another network namespace, whose name its samples have in the label `netns`. */
export function collectInNamespace(collector: Collector, namespace: string): Collector {
  const { collectParts: _ofOwn, ...rest } = collector;
  return {
    ...rest,
    name: `${collector.name}@${namespace}`,
    async collect(host, signal) {
      const label = (samples: readonly Sample[]) =>
        samples.map((one) => ({ ...one, labels: { ...one.labels, netns: namespace } }));
      try {
        return label(await collector.collect(host.enter(namespace), signal));
      } catch (error) {
        if (error instanceof PartialFailure) throw new PartialFailure(error.cause, label(listSamples(error.samples)));
        throw error;
      }
    },
  };
}

/** The name under which a collector is switched, whatever namespace it is for. */
export function baseName({ name }: Collector): string {
  return name.split('@')[0] ?? name;
}
