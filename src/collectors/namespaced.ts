import type { Collector } from '../scrape/collector.ts';

/** The same collector for another network namespace, whose name its samples have in the label `netns`. */
export function inNamespace(collector: Collector, namespace: string): Collector {
  return {
    ...collector,
    name: `${collector.name}@${namespace}`,
    async collect(host, signal) {
      const samples = await collector.collect(host.enter(namespace), signal);
      return samples.map((one) => ({ ...one, labels: { ...one.labels, netns: namespace } }));
    },
  };
}

/** The name under which a collector is switched, whatever namespace it is for. */
export function baseName({ name }: Collector): string {
  return name.split('@')[0] ?? name;
}
