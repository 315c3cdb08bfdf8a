import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { scanTimestamp } from '../../src/collectors/conntrack-table/metrics.ts';
import { firewall } from '../../src/collectors/firewall/firewall.ts';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { baseName } from '../../src/collectors/namespaced.ts';
import { logMessages } from '../../src/log/messages.ts';
import type { Collector } from '../../src/scrape/collector.ts';
import {
  collectorAvailable,
  collectorDuration,
  collectorLastSuccess,
  collectorSuccess,
} from '../../src/scrape/exporter-metrics.ts';
import type { Metric, Sample } from '../../src/scrape/metric.ts';
import { maxRunMs, type Outcome } from '../../src/scrape/run.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { faults, reject } from './faults.ts';
import { type Call, createFaultyHost } from './faulty-host.ts';
import { createLineLog } from './line-log.ts';
import { tolerated } from './tolerated.ts';
import { openWholeMachine } from './whole-machine.ts';

const messages = {
  worked: logMessages.collectorWorks,
  absent: logMessages.collectorAbsent,
  failed: logMessages.collectorFailed,
};
const nowMs = Date.UTC(2026, 10, 23, 6, 30);
const scrapeTimeoutMs = 9500;

const collectors = [...createCollectors({ ...defaultSettings, namespaces: ['blue'] }), firewall];
const faulty = createFaultyHost(await openWholeMachine(nowMs));

/** The collectors that make a call, by its name. */
const callers = new Map<string, string[]>();
const calls: Call[] = [];
for (const collector of collectors) {
  await collector.collect(faulty.host);
  for (const call of faulty.takeCalls()) {
    if (!callers.has(call.name)) calls.push(call);
    callers.set(call.name, [...(callers.get(call.name) ?? []), collector.name]);
  }
}

/**
 * Whether a call is tried: of the files of a directory below /proc/sys, which are read alike, the first alone, and of
 * another network namespace, which is read as the own one is, the table and the counters, which the own one has in a file.
 */
function isTried({ name, method }: Call, index: number): boolean {
  const directory = (path: string) => (path.includes('/proc/sys/') ? path.slice(0, path.lastIndexOf('/')) : path);
  const isFirst = calls.findIndex((call) => directory(call.name) === directory(name)) === index;
  return name.startsWith('blue: ') ? ['flows', 'conntrackCounters'].includes(method) : isFirst;
}

const cases = calls
  .filter(isTried)
  .flatMap((call) => Object.entries(faults[call.method]).map(([what, fault]) => ({ call, what, fault })));

/** Links are read where connection tracking is not loaded. */
const askedElsewhere = ['readLink'];

const { log, lines } = createLineLog();
const runner = createRunner({ collectors, host: faulty.host, log });

/** What the collectors export for a healthy machine, after enough readings of its table for verdicts. */
let usual: readonly Sample[];
let usualValues: ReadonlyMap<string, number>;

beforeAll(async () => {
  vi.useFakeTimers({ now: nowMs, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  for (let count = 0; count < roundsToVerdict; count++) await round();
  usual = await round();
  usualValues = valuesOf(usual);
});

afterAll(() => {
  vi.useRealTimers();
});

const roundsToVerdict = 4;

/** Lets a time go by in which everything is answered but what hangs. */
async function pass(milliseconds: number): Promise<void> {
  const started = Date.now();
  for (let left = milliseconds; left > 0; left -= stepMs) {
    await faulty.settle();
    vi.advanceTimersByTime(Math.min(left, stepMs));
  }
  await faulty.settle();
  vi.setSystemTime(started);
}

const stepMs = 30_000;

/** Runs what has a schedule, then scrapes. */
async function round(): Promise<readonly Sample[]> {
  const scheduled = collectors.filter(({ schedule }) => schedule !== undefined);
  const runs = Promise.all(scheduled.map((collector) => runner.run(collector)));
  await pass(maxRunMs);
  await runs;
  const scrape = runner.collect(scrapeTimeoutMs);
  await pass(scrapeTimeoutMs);
  return await scrape;
}

/** Values by their series, of the collectors that are meant, without those that every scrape has others of. */
function valuesOf(samples: readonly Sample[], isMeant = (_collector: string) => true): ReadonlyMap<string, number> {
  const own: readonly Metric[] = [
    collectorAvailable,
    collectorSuccess,
    collectorDuration,
    collectorLastSuccess,
    // A scan waits a while for one of another namespace that hangs.
    scanTimestamp,
  ];
  const meant = samples.filter((one) => !own.includes(one.metric) && isMeant(ownerOf(one)));
  return new Map(meant.map(({ metric, labels, value }) => [`${metric.name}${JSON.stringify(labels)}`, value]));
}

function ownerOf({ metric, labels }: Sample): string {
  const { collector, netns } = labels;
  if (collector !== undefined) return netns === undefined ? collector : `${collector}@${netns}`;
  const isOfNamespace = netns !== undefined;
  return (
    collectors.find(({ name, metrics }) => metrics.includes(metric) && name.includes('@') === isOfNamespace)?.name ?? ''
  );
}

function stateOf(samples: readonly Sample[], collector: string): Outcome['state'] {
  const of = (wanted: Metric) =>
    samples.find(({ metric, labels }) => metric === wanted && labels.collector === collector)?.value;
  if (of(collectorAvailable) === 0) return 'absent';
  return of(collectorSuccess) === 1 ? 'worked' : 'failed';
}

function expectedStates(collector: Collector, call: Call, what: string): string[] {
  if (what.startsWith('ENOENT')) return ['absent', 'worked'];
  const isTolerated = tolerated.some(
    (one) => one.collector === baseName(collector) && call.name.endsWith(one.call) && one.faults.includes(what),
  );
  return [isTolerated ? 'worked' : 'failed'];
}

/** What was logged since this was last asked, about each collector. */
function takeLines(): ReadonlyMap<string, readonly string[]> {
  const taken = lines.splice(0);
  const about = (name: string) =>
    taken.filter((line) => line.endsWith(`: ${name}`)).map((line) => line.split(': ', 1).join());
  return new Map(collectors.map(({ name }) => [name, about(name)]));
}

/** Rounds until the usual samples are back: a verdict takes several. */
async function recover(): Promise<readonly Sample[]> {
  faulty.repair();
  // What hung ends now, and another run of its collector may start.
  await faulty.settle();
  const first = await round();
  for (const { name } of collectors) expect([name, stateOf(first, name)]).toEqual([name, 'worked']);
  let samples = await round();
  for (let count = 2; count < roundsToVerdict && !isUsual(samples); count++) samples = await round();
  return samples;
}

function isUsual(samples: readonly Sample[]): boolean {
  const present = valuesOf(samples);
  return present.size === usualValues.size && [...present].every(([one, value]) => usualValues.get(one) === value);
}

describe('the whole machine', () => {
  it('has something for every collector', () => {
    const states = collectors.map(({ name }) => [name, stateOf(usual, name)]);
    expect(states).toEqual(collectors.map(({ name }) => [name, 'worked']));
  });

  it('is asked everything that a host can be asked', () => {
    const asked = new Set(calls.map(({ method }) => method));
    expect([...asked, ...askedElsewhere].sort()).toEqual(Object.keys(faults).sort());
  });

  it('has a reason for every fault that is tolerated', () => {
    const tried = cases.flatMap(({ call, what }) =>
      (callers.get(call.name) ?? []).map(
        (name) => `${name.replace(/@.*/, '')} ${call.name.replace('blue: ', '')} ${what}`,
      ),
    );
    const unused = tolerated.flatMap((one) => one.faults.map((what) => `${one.collector} ${one.call} ${what}`));
    expect(unused.filter((one) => !tried.includes(one))).toEqual([]);
  });
});

describe('a failing source loses only its own samples, is logged once, and recovers by itself', () => {
  it.each(cases)('$call.name: $what', async ({ call, what, fault }) => {
    const affected = callers.get(call.name) ?? [];
    const isOther = (collector: string) => !affected.includes(collector);
    takeLines();
    faulty.inject(({ name }) => (name === call.name ? fault : undefined));
    await round();
    const samples = await round();
    const lines = takeLines();
    const recovered = await recover();
    const repeatedLines = takeLines();

    expect(valuesOf(samples, isOther)).toEqual(valuesOf(usual, isOther));
    expect(valuesOf(recovered)).toEqual(usualValues);
    for (const collector of collectors) {
      const { name } = collector;
      const state = stateOf(samples, name);
      expect([name, isOther(name) ? ['worked'] : expectedStates(collector, call, what)]).toEqual([
        name,
        expect.arrayContaining([state]),
      ]);
      const changes = lines.get(name) ?? [];
      expect([name, changes]).toEqual([
        name,
        state === 'worked' ? changes.map(() => logMessages.collectorWorks) : [messages[state]],
      ]);
      expect(changes.length).toBeLessThan(isOther(name) ? 1 : 2);
      expect([name, repeatedLines.get(name)]).toEqual([name, changes.map(() => logMessages.collectorWorks)]);
    }
  });
});

describe('the namespace of process 1, which is the evidence where connection tracking is not loaded', () => {
  it.each([
    ['EIO', 'failed'],
    ['EACCES', 'worked'],
    ['ENOENT', 'worked'],
    ['never returns', 'failed'],
  ])('%s', async (what, state) => {
    faulty.inject(({ name, method }) => {
      if (name === 'listDirectory /proc/sys/net/netfilter') return reject('ENOENT');
      return method === 'readLink' ? faults.readLink[what] : undefined;
    });
    const samples = await round();
    expect(stateOf(samples, 'platform')).toBe(state);
    expect(samples.filter(({ metric }) => metric.name === 'lvs_host_network_namespace')).toEqual([]);
    expect(valuesOf(await recover())).toEqual(usualValues);
  });
});

describe('a module that is unloaded during a scan makes a source absent, whenever it is', () => {
  it.each(collectors)('$name', async (collector) => {
    faulty.takeCalls();
    await collector.collect(faulty.host);
    const count = faulty.takeCalls().length;
    for (let before = 0; before < count; before++) {
      let left = before;
      faulty.inject(() => (left-- > 0 ? undefined : reject('ENOENT')));
      const outcome = await collector.collect(faulty.host).then(
        () => 'worked',
        (error: NodeJS.ErrnoException) => error.code,
      );
      expect(['worked', 'ENOENT']).toContain(outcome);
    }
    expect(valuesOf(await recover())).toEqual(usualValues);
  });
});

it.each([
  ['forward by a year', 365 * 86_400_000],
  ['back by a year', -365 * 86_400_000],
])('every collector goes on when the clock is set %s', async (_how, difference) => {
  await recover();
  takeLines();
  vi.setSystemTime(nowMs + difference);
  for (let count = 0; count < roundsToVerdict; count++) {
    const samples = await round();
    for (const { name } of collectors) expect([name, stateOf(samples, name)]).toEqual([name, 'worked']);
  }
  vi.setSystemTime(nowMs);
  await recover();
  expect(lines).toEqual([]);
});
