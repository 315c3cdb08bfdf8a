import { counterIncrease } from '../flows/counter-increase.ts';
import { groupBy } from '../identity/group-by.ts';
import { makeVisible } from '../identity/visible.ts';
import { collectorLastSuccess } from '../scrape/exporter-metrics.ts';
import type { Metric, Sample } from '../scrape/metric.ts';

type Labels = Sample['labels'];

/**
 * What the exporter reads, by metric and labels, of one network namespace. Labels that are not named do not matter.
 * Undefined stands for a value that is not known.
 */
export interface Readings {
  /** A name as `--collector.conntrack.netns` has it; undefined for the exporter's own namespace. */
  readonly netns: string | undefined;
  /** The value of a series. Of several, that of the first. */
  value(metric: Metric, labels?: Labels): number | undefined;
  /** Whether a series is there and is not 0. */
  is(metric: Metric, labels?: Labels): boolean;
  all(metric: Metric, labels?: Labels): readonly Sample[];
  /** How much a counter rose since the reading before, all its series together. Undefined without one. */
  rise(metric: Metric, labels?: Labels): number | undefined;
  /** The same for each second. */
  perSecond(metric: Metric, labels?: Labels): number | undefined;
  /** Seconds between the two readings of a metric. */
  elapsedSeconds(metric: Metric): number | undefined;
}

/** The readings of each network namespace, the exporter's own first. */
export function splitByNamespace(now: readonly Sample[], before: readonly Sample[] = []): Readings[] {
  const [present, past] = [indexSeries(now, withVisibleLabels), indexSeries(before, withVisibleLabels)];
  const elapsedSeconds = createElapsed(present.select(undefined), past.select(undefined));
  return present
    .namespaces()
    .map((netns) => createReadings(netns, present.select(netns), past.select(netns), elapsedSeconds));
}

/** The numbers of the exporter's own namespace, for which no names are prepared: they are not to be shown. */
export function readOwnNumbers(now: readonly Sample[], before: readonly Sample[] = []): Readings {
  const [select, selectPast] = [now, before].map((samples) => indexSeries(samples, (one) => one).select(undefined));
  const [present = nothing, past = nothing] = [select, selectPast];
  return createReadings(undefined, present, past, createElapsed(present, past));
}

type Select = (metric: Metric, labels?: Labels) => readonly Sample[];
const nothing: Select = () => [];

interface IndexedSeries {
  /** The exporter's own, undefined, comes first. */
  namespaces(): (string | undefined)[];
  select(netns: string | undefined): Select;
}

/**
 * Finds series by their labels. What is asked for is indexed, and nothing else: a director may have tens of thousands of
 * real servers, of whose series most are never asked for.
 */
function indexSeries(samples: readonly Sample[], prepare: (sample: Sample) => Sample): IndexedSeries {
  const series = groupBy(samples, ({ metric }) => metric.name);
  const split = memoize((name: string) => groupBy((series.get(name) ?? []).map(prepare), ({ labels }) => labels.netns));
  return {
    namespaces: () => [...new Set([undefined, ...listNamespaces(samples, prepare)])],
    select: (netns) => createSelect((name) => split(name).get(netns) ?? []),
  };
}

function listNamespaces(samples: readonly Sample[], prepare: (sample: Sample) => Sample): Set<string | undefined> {
  const found = new Map<string | undefined, Sample>();
  for (const one of samples) {
    if (!found.has(one.labels.netns)) found.set(one.labels.netns, one);
  }
  return new Set([...found.values()].map((one) => prepare(one).labels.netns));
}

/** The only place where names enter page, plan and diagnosis. */
function withVisibleLabels(sample: Sample): Sample {
  if (hasPlainLabels(sample.labels)) return sample;
  const visible = Object.entries(sample.labels).map(([name, value]) => [name, value && makeVisible(value)]);
  return { ...sample, labels: Object.fromEntries(visible) };
}

/** Mostly they are: then nothing is made. */
function hasPlainLabels(labels: Labels): boolean {
  for (const name in labels) {
    if (!/^[ -~]*$/.test(labels[name] ?? '')) return false;
  }
  return true;
}

function createSelect(seriesOf: (name: string) => readonly Sample[]): Select {
  const indexOf = memoize((key: string) => {
    const [metric = '', ...names] = key.split(' ');
    return groupBy(seriesOf(metric), ({ labels }) => identify(labels, names));
  });
  return (metric, labels = {}) => {
    const names = Object.keys(labels).sort();
    if (names.length === 0) return seriesOf(metric.name);
    return indexOf([metric.name, ...names].join(' ')).get(identify(labels, names)) ?? [];
  };
}

function identify(labels: Labels, names: readonly string[]): string {
  return names.map((name) => labels[name] ?? '\0').join('\n');
}

function memoize<Key, T>(make: (key: Key) => T): (key: Key) => T {
  const made = new Map<Key, T>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

type Elapsed = (metric: Metric, netns: string | undefined) => number | undefined;

/** By convention a metric begins with the name of its collector, whose last success is a metric. */
function createElapsed(present: Select, past: Select): Elapsed {
  return (metric, netns) => {
    const [subsystem = ''] = metric.name.split('_', 1);
    const collector = netns === undefined ? subsystem : `${subsystem}@${netns}`;
    const [[later], [earlier]] = [
      present(collectorLastSuccess, { collector }),
      past(collectorLastSuccess, { collector }),
    ];
    const elapsed = earlier && later ? later.value - earlier.value : 0;
    return elapsed > 0 ? elapsed : undefined;
  };
}

function createReadings(netns: string | undefined, select: Select, selectPast: Select, elapsed: Elapsed): Readings {
  const rise = (metric: Metric, labels?: Labels) => riseOf(selectPast(metric, labels), select(metric, labels));
  return {
    netns,
    value: (metric, labels) => select(metric, labels)[0]?.value,
    is: (metric, labels) => (select(metric, labels)[0]?.value ?? 0) !== 0,
    all: select,
    rise,
    elapsedSeconds: (metric) => elapsed(metric, netns),
    perSecond(metric, labels) {
      const [risen, seconds] = [rise(metric, labels), elapsed(metric, netns)];
      return risen === undefined || seconds === undefined ? undefined : risen / seconds;
    },
  };
}

/** Series that were not there before are no evidence of what happened since. */
function riseOf(before: readonly Sample[], after: readonly Sample[]): number | undefined {
  const identity = ({ labels }: Sample) => JSON.stringify(labels);
  const earlier = new Map(before.map((one) => [identity(one), one.value]));
  const known = after.flatMap((one) => {
    const value = earlier.get(identity(one));
    return value === undefined ? [] : [{ before: value, after: one.value }];
  });
  if (known.length === 0) return undefined;
  const increase = counterIncrease(
    known.map((one) => one.before),
    known.map((one) => one.after),
  );
  return increase === undefined ? undefined : Math.max(0, increase);
}
