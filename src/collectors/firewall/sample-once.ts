import { type Metric, type Sample, sample } from '../../scrape/metric.ts';

/** A rule may be there twice. */
export function sampleOnce(metric: Metric, series: readonly Sample['labels'][]): Sample[] {
  const distinct = new Map(series.map((labels) => [JSON.stringify(labels), labels]));
  return [...distinct.values()].map((labels) => sample(metric, 1, labels));
}
