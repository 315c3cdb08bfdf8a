import { quote } from './numbers.ts';
import { ParseError } from './parse-error.ts';

/** A line of the text format of Prometheus that has a value. */
export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([^ ]+)(?: -?\d+)?$/;
const label = /\s*([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;

/** Parses what `GET /metrics` of an exporter answers. Comments, with help and types, are left out. */
export function parseExposition(text: string): ExposedSample[] {
  return text.split('\n').flatMap((one, index) => {
    if (one === '' || one.startsWith('#')) return [];
    const [, name, labels = '', value = ''] = line.exec(one) ?? [];
    if (name === undefined) throw new ParseError(index + 1, 'expected a metric, its labels and a value');
    return { name, labels: parseLabels(labels, index + 1), value: parseValue(value, index + 1) };
  });
}

function parseLabels(text: string, lineNumber: number): Record<string, string> {
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  while (label.lastIndex < text.length) {
    const [, name, value = ''] = label.exec(text) ?? [];
    if (name === undefined) throw new ParseError(lineNumber, 'expected labels such as name="value"');
    labels[name] = value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}

const specialValues: Readonly<Record<string, number>> = {
  '+Inf': Number.POSITIVE_INFINITY,
  Inf: Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
  NaN: Number.NaN,
  Nan: Number.NaN,
};

function parseValue(text: string, lineNumber: number): number {
  const special = specialValues[text];
  if (special !== undefined) return special;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  throw new ParseError(lineNumber, `expected a value, got ${quote(text)}`);
}
