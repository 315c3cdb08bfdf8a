import { describe, expect, it, vi } from 'vitest';
import { logMessages } from '../../src/log/messages.ts';
import { ParseError } from '../../src/parsers/parse-error.ts';
import { seriesLimited, sourceInfo } from '../../src/scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../src/scrape/metric.ts';
import { systemError } from '../machine.ts';
import { collector, run, show, succeeded, value, working } from './runs.ts';

describe('collect()', () => {
  it('gives what the collectors give, and how they did', async () => {
    const { runner, lines } = run(working('a', 7), working('b', 8));
    const samples = await runner.collect(1000);
    expect(show(samples)).toEqual([...succeeded('a'), 'test_value{a} 7', ...succeeded('b'), 'test_value{b} 8']);
    expect(samples.filter(({ metric }) => metric.name === 'lvs_exporter_collector_duration_seconds')).toHaveLength(2);
    expect(lines).toEqual([`info | ${logMessages.collectorWorks} | a`, `info | ${logMessages.collectorWorks} | b`]);
  });

  it('logs what a collector reads, when that changes and never otherwise', async () => {
    let sources = ['procfs', 'netlink'];
    const choosy = collector('choosy', async () =>
      sources.map((source) => sample(sourceInfo, 1, { collector: 'choosy', source })),
    );
    const { runner, lines } = run(choosy);
    await runner.collect(1000);
    sources = ['netlink', 'procfs'];
    await runner.collect(1000);
    sources = ['procfs'];
    await runner.collect(1000);
    await runner.collect(1000);
    expect(lines).toEqual([
      `info | ${logMessages.collectorWorks} | choosy | netlink,procfs`,
      `info | ${logMessages.collectorWorks} | choosy | procfs`,
    ]);
  });

  it('logs that a collector reached its limit, and when it is below again', async () => {
    let heldBack = 0;
    const large = collector('large', async () => [sample(seriesLimited, heldBack, { collector: 'large' })]);
    const { runner, lines } = run(large);
    for (heldBack of [0, 3, 4, 0, 0]) await runner.collect(1000);
    expect(lines).toEqual([
      `info | ${logMessages.collectorWorks} | large`,
      `warn | ${logMessages.seriesLimited} | large`,
      `info | ${logMessages.seriesWithinLimit} | large`,
    ]);
  });

  it('keeps one failure from the others', async () => {
    const broken = collector('broken', () =>
      Promise.reject(new Error('Cannot parse line 3: expected 6 columns, got 5')),
    );
    const { runner, lines } = run(broken, working('a'));
    expect(show(await runner.collect(1000))).toEqual([
      'lvs_exporter_collector_available{broken} 1',
      'lvs_exporter_collector_success{broken} 0',
      ...succeeded('a'),
      'test_value{a} 1',
    ]);
    expect(lines).toContain(
      `error | ${logMessages.collectorFailed} | broken | Cannot parse line 3: expected 6 columns, got 5`,
    );
  });

  it('distinguishes an absent source from a broken one', async () => {
    const missing = collector('missing', () => Promise.reject(systemError('ENOENT', 'no such file')));
    const { runner, lines } = run(missing);
    expect(show(await runner.collect(1000))).toEqual(['lvs_exporter_collector_available{missing} 0']);
    expect(lines).toEqual([`info | ${logMessages.collectorAbsent} | missing | ENOENT: no such file`]);
  });

  it('gives a hint for a missing permission', async () => {
    const denied = collector('denied', () => Promise.reject(systemError('EACCES', 'permission denied')));
    const { runner, lines } = run(denied);
    await runner.collect(1000);
    expect(lines).toEqual([
      `error | ${logMessages.collectorFailed} | denied | EACCES: permission denied | run as root, or grant the capability that docs/permissions.md names for it`,
    ]);
  });

  it('logs the cause, the place and, at debug, the stack of a failure, and calls a bug a bug', async () => {
    const failures: Readonly<Record<string, Error>> = {
      buggy: new TypeError('x is not a function'),
      parsing: new ParseError(3, 'expected 6 columns').in('/proc/net/ip_vs'),
      caused: new Error('Cannot read the table', { cause: new Error('ECONNREFUSED') }),
      // Node's own TypeError, which has a code.
      node: Object.assign(new TypeError('Invalid argument'), { code: 'ERR_INVALID_ARG_TYPE' }),
    };
    const { runner, entries } = run(
      ...Object.entries(failures).map(([name, error]) => collector(name, () => Promise.reject(error))),
    );
    await runner.collect(1000);
    expect(
      entries.filter(({ level }) => level === 'error').map(({ message, fields }) => ({ message, ...fields })),
    ).toEqual([
      { message: logMessages.collectorBug, collector: 'buggy', error: 'x is not a function' },
      {
        ...{ message: logMessages.collectorFailed, collector: 'parsing', file: '/proc/net/ip_vs', line: 3 },
        error: '/proc/net/ip_vs: Cannot parse line 3: expected 6 columns',
      },
      {
        message: logMessages.collectorFailed,
        collector: 'caused',
        error: 'Cannot read the table',
        cause: 'ECONNREFUSED',
      },
      { message: logMessages.collectorBug, collector: 'node', error: 'Invalid argument' },
    ]);
    const stacks = entries.filter(({ level }) => level === 'debug').map(({ fields }) => fields.stack);
    expect(stacks).toEqual(Object.values(failures).map(({ stack }) => stack));
  });

  it('logs when a collector fails and when it works again, not each time', async () => {
    let fails = false;
    const moody = collector('moody', async () => {
      if (fails) throw new Error('Broken');
      return [];
    });
    const { runner, lines } = run(moody);
    for (const state of [false, false, true, true, false]) {
      fails = state;
      await runner.collect(1000);
    }
    expect(lines).toEqual([
      `info | ${logMessages.collectorWorks} | moody`,
      `error | ${logMessages.collectorFailed} | moody | Broken`,
      `info | ${logMessages.collectorWorks} | moody`,
    ]);
  });

  it.each([
    ['a series that comes twice', [1, 1], 'Cannot serve test_value: series {"collector":"odd"} comes twice'],
    ['a value that is no number', [Number.NaN], 'Cannot serve test_value: series {"collector":"odd"} has no value'],
  ])('refuses %s', async (_what, values, message) => {
    const odd = collector('odd', async () => values.map((number) => sample(value, number, { collector: 'odd' })));
    const { runner, lines } = run(odd, working('a'));
    expect(show(await runner.collect(1000))).toContain('test_value{a} 1');
    expect(lines).toContain(`error | ${logMessages.collectorFailed} | odd | ${message}`);
  });

  it('serves the others when one does not answer, and never asks it twice at a time', async () => {
    let asked = 0;
    let answer: (samples: Sample[]) => void = () => undefined;
    const hung = collector('hung', () => {
      asked++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const { runner, lines } = run(hung, working('a'));
    for (let scrape = 0; scrape < 3; scrape++) {
      expect(show(await runner.collect(20))).toEqual([
        'lvs_exporter_collector_available{hung} 1',
        'lvs_exporter_collector_success{hung} 0',
        ...succeeded('a'),
        'test_value{a} 1',
      ]);
    }
    expect(asked).toBe(1);
    expect(lines).toContain(`error | ${logMessages.collectorFailed} | hung | No answer within 0.02 s`);

    const last = runner.collect(10_000);
    answer([sample(value, 5, { collector: 'hung' })]);
    expect(show(await last)).toContain('test_value{hung} 5');
    expect(lines.filter((line) => line.endsWith('hung'))).toEqual([]);

    const next = runner.collect(10_000);
    answer([]);
    await next;
    expect(lines.at(-1)).toBe(`info | ${logMessages.collectorWorks} | hung`);
  });

  it('reports once that a collector takes longer than some wait for it, though others do', async () => {
    vi.useFakeTimers();
    try {
      const slow = collector('slow', async () => {
        await new Promise((resolve) => setTimeout(resolve, 7000));
        return [sample(value, 1, { collector: 'slow' })];
      });
      const { runner, lines } = run(slow);
      for (let scrape = 0; scrape < 3; scrape++) {
        const [patient, hasty] = [runner.collect(9500), runner.collect(4500)];
        await vi.advanceTimersByTimeAsync(7000);
        expect(show(await patient)).toContain('lvs_exporter_collector_success{slow} 1');
        expect(show(await hasty)).toContain('lvs_exporter_collector_success{slow} 0');
      }
      expect(lines).toEqual([`error | ${logMessages.collectorFailed} | slow | No answer within 4.5 s`]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('serves the last samples of a scheduled collector without running it', async () => {
    let runs = 0;
    const scheduled = collector('slow', async () => [sample(value, ++runs, { collector: 'slow' })], '* * * * *');
    const { runner } = run(scheduled);
    expect(show(await runner.collect(1000))).toEqual([]);
    await runner.run(scheduled);
    expect(show(await runner.collect(1000))).toEqual([...succeeded('slow'), 'test_value{slow} 1']);
    expect(show(await runner.collect(1000))).toEqual([...succeeded('slow'), 'test_value{slow} 1']);
    expect(runs).toBe(1);
  });

  it('gives again what a run gave that ended recently, if that is recent enough', async () => {
    let runs = 0;
    const counting = collector('counting', async () => [sample(value, ++runs, { collector: 'counting' })]);
    const { runner } = run(counting);
    const runsAfter = async (maxAgeMs?: number) => {
      await runner.collectParts(1000, [counting], maxAgeMs);
      return runs;
    };
    expect([await runsAfter(60_000), await runsAfter(60_000), await runsAfter(), await runsAfter(0)]).toEqual([
      1, 1, 2, 3,
    ]);
    expect(show(await runner.collect(1000))).toContain('test_value{counting} 4');
  });

  it('serves how long it is until a scheduled collector runs again, once that is known', async () => {
    const scheduled = { ...working('slow'), schedule: '* * * * *' };
    const { runner } = run(scheduled);
    await runner.run(scheduled, 60);
    expect(show(await runner.collect(1000))).toContain('lvs_exporter_collector_interval_seconds{slow} 60');
  });

  it('serves nothing of a scheduled collector that failed, but when it last worked', async () => {
    let fails = false;
    const scheduled = collector(
      'slow',
      async () => {
        if (fails) throw new Error('Broken');
        return [sample(value, 1, { collector: 'slow' })];
      },
      '* * * * *',
    );
    const { runner } = run(scheduled);
    await runner.run(scheduled);
    fails = true;
    await runner.run(scheduled);
    expect(show(await runner.collect(1000))).toEqual([
      'lvs_exporter_collector_last_success_timestamp_seconds{slow} 1700000000',
      'lvs_exporter_collector_available{slow} 1',
      'lvs_exporter_collector_success{slow} 0',
    ]);
  });
});
