import { parseExposition } from '../../lab/cluster/series.ts';
import type { Sample } from '../../src/scrape/metric.ts';

/** What a scrape serves, from its text. */
export function samplesOf(...texts: readonly string[]): Sample[] {
  return parseExposition(texts.join('\n').replaceAll(/^\s+/gm, '')).map(({ name, labels, value }) => ({
    metric: { name, help: '', type: name.endsWith('_total') ? 'counter' : 'gauge', labels: Object.keys(labels) },
    labels,
    value,
  }));
}
