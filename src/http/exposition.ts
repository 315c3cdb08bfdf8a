import { Counter, collectDefaultMetrics, Gauge, Registry, type RegistryContentType } from 'prom-client';
import { isColumns, type SamplePart, withoutLocal } from '../scrape/columns.ts';
import type { Metric, Sample } from '../scrape/metric.ts';
import { type Family, type FamilyColumn, type Scratch, writeFamily } from './family-writer.ts';

/** The forms in which the samples can be served, with their media types. */
export const formats = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;
export type Format = keyof typeof formats;

/** The samples as text, without those that must not leave this machine. */
export async function render(samples: readonly SamplePart[], format: Format): Promise<string> {
  let text = '';
  for await (const part of renderParts(samples, format)) text += part.toString();
  return text;
}

/** From so many samples on, a family is written by this program itself. */
const largeFamily = 8;

/** Grows where a part needs more. */
const scratchLength = 2 ** 14;

/** Bytes of a large family, to be used before the next part is asked for, or text of what is small. */
export type ExpositionPart = string | Buffer;

/** The same part by part, so that a large text is never whole. */
export async function* renderParts(samples: readonly SamplePart[], format: Format): AsyncGenerator<ExpositionPart> {
  // The text format has an empty line between two families, and a line end where there is none.
  const separator = format === 'text' ? '\n' : '';
  const scratch: Scratch = { bytes: Buffer.allocUnsafe(scratchLength) };
  let isFirst = true;
  for (const run of splitBySize(listFamilies(withoutLocal(samples)))) {
    if (!isFirst) yield separator;
    isFirst = false;
    if (run.length === 1 && run[0] && isLarge(run[0])) yield* writeFamily(run[0], format, scratch);
    else yield await renderSmall(run, format);
  }
  if (isFirst) yield '\n';
  if (format === 'openmetrics') yield openMetricsEnd;
}

const openMetricsEnd = '# EOF\n';

function listFamilies(parts: readonly SamplePart[]): Family[] {
  const families = new Map<Metric, GrowingFamily>();
  const familyOf = (metric: Metric): GrowingFamily => {
    const family = families.get(metric) ?? { metric, samples: [], columns: [] };
    families.set(metric, family);
    return family;
  };
  for (const part of parts) {
    if (!isColumns(part)) familyOf(part.metric).samples.push(part);
    else for (const { metric, values } of part.columns) familyOf(metric).columns.push({ rows: part.rows, values });
  }
  const all = [...families.values()];
  refuseRepeated(all);
  return all;
}

interface GrowingFamily extends Family {
  readonly samples: Sample[];
  readonly columns: FamilyColumn[];
}

/** As a registry does. */
function refuseRepeated(families: readonly Family[]): void {
  const names = new Set<string>();
  for (const { metric } of families) {
    if (names.has(metric.name)) throw new Error(`A metric with the name ${metric.name} has already been registered.`);
    names.add(metric.name);
  }
}

function isLarge({ samples, columns }: Family): boolean {
  return samples.length >= largeFamily || columns.length > 0;
}

/** Large families alone, the small ones between them together. */
function splitBySize(families: readonly Family[]): Family[][] {
  const runs: Family[][] = [];
  for (const family of families) {
    const last = runs.at(-1);
    if (last?.[0] && !isLarge(last[0]) && !isLarge(family)) last.push(family);
    else runs.push([family]);
  }
  return runs;
}

/**
 * By prom-client. They live in a registry of their own, made for this call: in a lasting one a series that is gone would
 * stay, and overlapping scrapes would lose each other's.
 */
async function renderSmall(families: readonly Family[], format: Format): Promise<string> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(formats[format]);
  for (const { metric, samples } of families) register(registry, metric, samples);
  const text = await registry.metrics();
  return format === 'text' ? text : text.slice(0, -openMetricsEnd.length);
}

/** Registers a metric that gives these samples. Setting each in turn would check and hash its labels once more. */
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
