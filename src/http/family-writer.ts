import type { Metric, Sample } from '../scrape/metric.ts';

type Labels = Sample['labels'];

/** The samples of one metric. */
export interface Family {
  readonly metric: Metric;
  readonly samples: readonly Sample[];
}

/** Samples of a part: some 1 ms of a processor. */
const partSamples = 1024;

/**
 * Writes a family as prom-client does, byte for byte, part by part. prom-client takes five times as long for tens of
 * thousands of samples, and makes one text of them.
 */
export function* writeFamily({ metric, samples }: Family, format: 'text' | 'openmetrics'): Generator<string> {
  const name = escapeText(metric.name);
  const isOpenCounter = format === 'openmetrics' && metric.type === 'counter';
  const family = isOpenCounter ? name.replace(/_total$/, '') : name;
  yield `# HELP ${family} ${escapeText(metric.help)}\n# TYPE ${family} ${metric.type}\n`;
  const series = isOpenCounter ? `${family}_total` : name;
  for (let start = 0; start < samples.length; start += partSamples) {
    yield writeSamples(series, samples.slice(start, start + partSamples));
  }
}

/** join() makes one flat text. One that grows by += is a tree, which takes as long again to be walked. */
function writeSamples(series: string, samples: readonly Sample[]): string {
  const words: string[] = [];
  for (const { labels, value } of samples) words.push(series, labelText(labels), valueText(value), '\n');
  return words.join('');
}

/** With the space after them. Kept with the object: those of a real server are the same at every scrape. */
const labelTexts = new WeakMap<Labels, string>();

function labelText(labels: Labels): string {
  const known = labelTexts.get(labels);
  if (known !== undefined) return known;
  const words: string[] = [];
  // Once for each series: a loop takes a fourth of the time of Object.entries() and flatMap().
  for (const name of Object.keys(labels)) {
    words.push(words.length === 0 ? '{' : ',', name, '="', escapeLabel(labels[name] ?? ''), '"');
  }
  // Flat, as writeSamples() wants it.
  words.push(words.length === 0 ? ' ' : '} ');
  const text = words.join('');
  labelTexts.set(labels, text);
  return text;
}

function escapeLabel(value: string): string {
  return /[\\\n"]/.test(value) ? escapeText(value).replaceAll('"', '\\"') : value;
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function valueText(value: number): string {
  if (Number.isFinite(value)) return `${value}`;
  if (Number.isNaN(value)) return 'Nan';
  return value < 0 ? '-Inf' : '+Inf';
}
