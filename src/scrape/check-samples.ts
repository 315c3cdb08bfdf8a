import { isDistinct, type Metric, memoizeLast, type Sample } from './metric.ts';

/** Throws at a repeated series and at a NaN: Prometheus would refuse the whole scrape for the one, and show the other. */
export function checkSamples(samples: readonly Sample[]): void {
  const metricsOf = createMetricsOf();
  for (const { metric, labels, value } of samples) {
    const metrics = metricsOf(labels);
    if (metrics.includes(metric)) throw refusal(metric, labels, 'comes twice');
    if (Number.isNaN(value)) throw refusal(metric, labels, 'has no value');
    metrics.push(metric);
  }
}

/** Gives the list of the metrics that came with these labels: the same one for equal labels. */
function createMetricsOf(): (labels: Sample['labels']) => Metric[] {
  const lists = new Map<string, Metric[]>();
  // Distinct labels come in one run of samples, so that one list serves all of them in turn.
  const metricsOfRun: Metric[] = [];
  return memoizeLast((labels) => {
    if (isDistinct(labels)) {
      metricsOfRun.length = 0;
      return metricsOfRun;
    }
    const text = JSON.stringify(labels);
    const list = lists.get(text) ?? [];
    if (list.length === 0) lists.set(text, list);
    return list;
  });
}

function refusal({ name }: Metric, labels: Sample['labels'], problem: string): Error {
  return new Error(`Cannot serve ${name}: series ${JSON.stringify(labels)} ${problem}`);
}
