/** One series of an exposition or of a query's answer. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const samplePattern = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)(?: \d+)?$/;
const labelPattern = /(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)"/g;

/** Reads the Prometheus text format, version 0.0.4. */
export function parseExposition(text: string): Series[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const { name, labels = '', value } = samplePattern.exec(line)?.groups ?? {};
    if (name === undefined) throw new SyntaxError(`Cannot parse exposition line "${line}"`);
    return { name, labels: parseLabels(labels), value: parseValue(value) };
  });
}

function parseLabels(text: string): Record<string, string> {
  const escapes: Record<string, string> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };
  const labels = [...text.matchAll(labelPattern)].map(({ groups: { name = '', value = '' } = {} }) => [
    name,
    value.replace(/\\./g, (pair) => escapes[pair] ?? pair),
  ]);
  return Object.fromEntries(labels);
}

export function parseValue(text = ''): number {
  return Number(text.replace('Inf', 'Infinity'));
}

/** Equal series have equal text: labels in a fixed order and, since Prometheus takes them as absent, no empty ones. */
export function formatSeries({ name, labels }: Pick<Series, 'name' | 'labels'>): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.sort().join(',')}}`;
}
