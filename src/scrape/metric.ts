/** A metric as it is declared: once, in the `metrics.ts` of the collector that fills it. Everything else imports it. */
export interface Metric<Label extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly labels: readonly Label[];
}

/** One value of a metric. Made for one scrape and forgotten after it. */
export interface Sample {
  readonly metric: Metric;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** True for what must not leave this machine, such as addresses of clients: `diagnose` reads it, a scrape does not. */
  readonly isLocal?: boolean;
}

/** Declares a value that goes up and down. */
export function gauge<const Label extends string = never>(
  name: string,
  help: string,
  labels: readonly Label[] = [],
): Metric<Label> {
  return { name, help, type: 'gauge', labels };
}

/** Declares a total kept by the kernel or a daemon and passed through as it is. The name ends in `_total`. */
export function counter<const Label extends string = never>(
  name: `${string}_total`,
  help: string,
  labels: readonly Label[] = [],
): Metric<Label> {
  return { name, help, type: 'counter', labels };
}

type LabelArguments<Label extends string> = [Label] extends [never] ? [] : [Readonly<Record<Label, string>>];

/** Makes one value. Set every declared label; use `''` for labels that do not apply. */
export function sample<Label extends string>(
  metric: Metric<Label>,
  value: number,
  ...[labels]: LabelArguments<Label>
): Sample {
  return { metric, value, labels: labels ?? {} };
}

/** Makes one value, or none where it is not known. */
export function sampleKnown(metric: Metric, value: number | boolean | undefined, labels: Sample['labels']): Sample[] {
  return value === undefined ? [] : [{ metric, value: Number(value), labels }];
}

/** A state set: one value of 0 or 1 for each known state. A state that is not in `states` gives all zeros. */
export function stateSet<Label extends string>(
  metric: Metric<Label | 'state'>,
  states: readonly string[],
  current: string,
  labels: Readonly<Record<Exclude<Label, 'state'>, string>>,
): Sample[] {
  return states.map((state) => ({ metric, value: state === current ? 1 : 0, labels: { ...labels, state } }));
}

/**
 * A function of labels that gives its last result again for the same object. The samples of one thing, such as a real
 * server, follow one another and have their labels in common.
 */
export function memoizeLast<T>(read: (labels: Sample['labels']) => T): (labels: Sample['labels']) => T {
  let last: { readonly labels: Sample['labels']; readonly result: T } | undefined;
  return (labels) => {
    if (last?.labels !== labels) last = { labels, result: read(labels) };
    return last.result;
  };
}
