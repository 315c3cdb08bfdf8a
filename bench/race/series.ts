/** One value of a scrape. */
export interface Value {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A series in the notation of `promtool test rules`. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** What Prometheus gets out of many scrapes. */
export interface Recorder {
  /** Adds a scrape. A series that is not in it and was in the one before has ended. */
  record(values: readonly Value[]): void;
  render(): InputSeries[];
}

/** Equal values that follow one another. */
interface Run {
  readonly value: number | 'stale' | 'absent';
  length: number;
}

export function createRecorder(): Recorder {
  const all = new Map<string, Run[]>();
  let scrapes = 0;
  return {
    record(values) {
      const present = new Map(values.map((one) => [identify(one), one.value]));
      for (const series of present.keys())
        if (!all.has(series)) all.set(series, [{ value: 'absent', length: scrapes }]);
      for (const [series, runs] of all) append(runs, present.get(series));
      scrapes++;
    },
    render: () => [...all].map(([series, runs]) => ({ series, values: runs.flatMap(renderRun).join(' ') })),
  };
}

function identify({ name, labels }: Value): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join()}}`;
}

function append(runs: Run[], value: number | undefined): void {
  const last = runs.at(-1);
  const next = value ?? (typeof last?.value === 'number' ? 'stale' : 'absent');
  if (last?.value === next) last.length++;
  else runs.push({ value: next, length: 1 });
}

function renderRun({ value, length }: Run): string[] {
  if (length === 0) return [];
  if (value === 'absent') return [`_x${length}`];
  if (value === 'stale') return ['stale'];
  if (!Number.isFinite(value)) return Array(length).fill(value > 0 ? 'Inf' : '-Inf');
  return [`${value}+0x${length - 1}`];
}
