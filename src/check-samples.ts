import { type Metric, rememberLast, type Sample } from './metric.ts';

/** Throws at a repeated series and at a NaN: Prometheus would refuse the whole scrape for the one, and show the other. */
export function checkSamples(samples: readonly Sample[]): void {
  const identify = createIdentify();
  const seen = new Map<Metric, Set<number>>();
  for (const { metric, labels, value } of samples) {
    const known = seen.get(metric) ?? new Set();
    seen.set(metric, known);
    const before = known.size;
    known.add(identify(labels));
    if (known.size === before) throw refusal(metric, labels, 'comes twice');
    if (Number.isNaN(value)) throw refusal(metric, labels, 'has no value');
  }
}

/** Gives equal labels equal numbers. */
function createIdentify(): (labels: Sample['labels']) => number {
  const numbers = new Map<string, number>();
  return rememberLast((labels) => {
    const text = JSON.stringify(labels);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}

function refusal({ name }: Metric, labels: Sample['labels'], problem: string): Error {
  return new Error(`Cannot serve ${name}: series ${JSON.stringify(labels)} ${problem}`);
}
