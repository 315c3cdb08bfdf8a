import { isColumns, type SampleColumns, type SamplePart } from './columns.ts';
import { type Metric, memoizeLast, type Sample } from './metric.ts';

/** Throws at a repeated series and at a NaN: Prometheus would refuse the whole scrape for the one, and show the other. */
export function checkSamples(parts: readonly SamplePart[]): void {
  const metricsOf = createMetricsOf();
  for (const part of parts) {
    if (isColumns(part)) {
      checkColumns(part);
      continue;
    }
    const { metric, labels, value } = part;
    const metrics = metricsOf(labels);
    if (metrics.includes(metric)) throw refusal(metric, labels, 'comes twice');
    if (Number.isNaN(value)) throw refusal(metric, labels, 'has no value');
    metrics.push(metric);
  }
}

/** Their rows are distinct by construction. */
function checkColumns({ columns }: SampleColumns): void {
  const metrics = new Set<Metric>();
  for (const { metric } of columns) {
    if (metrics.has(metric)) throw new Error(`Cannot serve ${metric.name}: two columns of it`);
    metrics.add(metric);
  }
}

/** Gives the list of the metrics that came with these labels: the same one for equal labels. */
function createMetricsOf(): (labels: Sample['labels']) => Metric[] {
  const lists = new Map<string, Metric[]>();
  return memoizeLast((labels) => {
    const text = JSON.stringify(labels);
    const list = lists.get(text) ?? [];
    if (list.length === 0) lists.set(text, list);
    return list;
  });
}

function refusal({ name }: Metric, labels: Sample['labels'], problem: string): Error {
  return new Error(`Cannot serve ${name}: series ${JSON.stringify(labels)} ${problem}`);
}
