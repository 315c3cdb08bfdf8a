import { Counter, collectDefaultMetrics, Gauge, Registry, type RegistryContentType } from 'prom-client';
import { type Metric, type Sample, withoutLocal } from '../scrape/metric.ts';

/** The forms in which the samples can be served, with their media types. */
export const formats = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;
export type Format = keyof typeof formats;

/**
 * The samples as text, without those that must not leave this machine. They live in a registry of their own, made for this call: in a lasting one a series that is
 * gone would stay, and overlapping scrapes would lose each other's.
 */
export async function render(samples: readonly Sample[], format: Format): Promise<string> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(formats[format]);
  for (const [metric, group] of groupByMetric(withoutLocal(samples))) register(registry, metric, group);
  return await registry.metrics();
}

function groupByMetric(samples: readonly Sample[]): Map<Metric, Sample[]> {
  const groups = new Map<Metric, Sample[]>();
  for (const sample of samples) {
    const group = groups.get(sample.metric);
    if (group) group.push(sample);
    else groups.set(sample.metric, [sample]);
  }
  return groups;
}

/**
 * Registers a metric that gives these samples. Setting each in turn would check and hash its labels once more: a
 * scrape of 60,000 series would take twice as long.
 */
function register(registry: Registry<RegistryContentType>, metric: Metric, samples: readonly Sample[]): void {
  const configuration = { name: metric.name, help: metric.help, labelNames: metric.labels, registers: [registry] };
  const family = metric.type === 'gauge' ? new Gauge(configuration) : new Counter(configuration);
  const describe = family.get.bind(family);
  // prom-client writes a `sharedLabels` object once, however many values refer to it: the metrics of one real server do.
  const values = samples.map(({ labels, value }) => ({ value, labels: noLabels, sharedLabels: labels }));
  family.get = async () => ({ ...(await describe()), values });
}

const noLabels = {};

/**
 * Reads the metrics of this Node.js process, `process_*` and `nodejs_*`. They are counted all the time, so they have
 * a lasting registry of their own; a scrape takes them over as samples.
 */
export function createProcessMetrics(): () => Promise<Sample[]> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return async () => {
    const metrics = await registry.getMetricsAsJSON();
    return metrics.filter(isServed).flatMap(({ name, help, type, values }) => {
      const labels = [...new Set(values.flatMap((value) => Object.keys(value.labels)))];
      const metric: Metric = { name, help, type: String(type) === 'counter' ? 'counter' : 'gauge', labels };
      return values.filter(({ value }) => !Number.isNaN(value)).map((one) => toSample(metric, one));
    });
  };
}

/** prom-client has three gauges that are named as counters, which `promtool check metrics` refuses, and a histogram. */
function isServed({ name, type }: { name: string; type: unknown }): boolean {
  return type !== 'histogram' && !(type === 'gauge' && name.endsWith('_total'));
}

function toSample(
  metric: Metric,
  { value, labels }: { value: number; labels: Partial<Record<string, string | number>> },
): Sample {
  const text = Object.entries(labels).map(([name, label]) => [name, String(label)]);
  return { metric, value, labels: Object.fromEntries(text) };
}
