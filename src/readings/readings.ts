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
}

/** The readings of each network namespace, the exporter's own first. */
export function splitByNamespace(now: readonly Sample[], before: readonly Sample[] = []): Readings[] {
  const [present, past] = [selectByNamespace(now), selectByNamespace(before)];
  const [ownPresent = nothing, ownPast = nothing] = [present.get(undefined), past.get(undefined)];
  const elapsedSeconds = createElapsed(ownPresent, ownPast);
  return [...new Set([undefined, ...present.keys()])].map((netns) => {
    const [select = nothing, selectPast = nothing] = [present.get(netns), past.get(netns)];
    return createReadings(netns, select, selectPast, elapsedSeconds);
  });
}

type Select = (metric: Metric, labels?: Labels) => readonly Sample[];
const nothing: Select = () => [];

function selectByNamespace(samples: readonly Sample[]): ReadonlyMap<string | undefined, Select> {
  const groups = groupBy(samples.map(withVisibleLabels), ({ labels }) => labels.netns);
  return new Map([...groups].map(([netns, own]) => [netns, createSelect(own)]));
}

/** The only place where names enter page, plan and diagnosis. */
function withVisibleLabels(sample: Sample): Sample {
  const entries = Object.entries(sample.labels);
  const visible = entries.map(([name, value]) => [name, value && makeVisible(value)] as const);
  const isSame = visible.every(([, value], index) => value === entries[index]?.[1]);
  return isSame ? sample : { ...sample, labels: Object.fromEntries(visible) };
}

/** Finds series by their labels. What is asked for is indexed: a director may have thousands of real servers. */
function createSelect(samples: readonly Sample[]): Select {
  const series = groupBy(samples, ({ metric }) => metric.name);
  const indexes = new Map<string, ReadonlyMap<string, readonly Sample[]>>();
  return (metric, labels = {}) => {
    const names = Object.keys(labels).sort();
    const identify = (of: Labels) => JSON.stringify(names.map((name) => of[name]));
    const key = JSON.stringify([metric.name, ...names]);
    const index = indexes.get(key) ?? groupBy(series.get(metric.name) ?? [], (one) => identify(one.labels));
    indexes.set(key, index);
    return index.get(identify(labels)) ?? [];
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
