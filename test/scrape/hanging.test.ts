import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logMessages } from '../../src/log/messages.ts';
import { type Sample, sample } from '../../src/scrape/metric.ts';
import { maxRunMs } from '../../src/scrape/run.ts';
import { createRunner, type Runner } from '../../src/scrape/scrape.ts';
import { createHost } from '../machine.ts';
import { collector, now, run, show, succeeded, value } from './runs.ts';

describe('collect() of a collector that hangs', () => {
  const late: ((samples: Sample[]) => void)[] = [];
  const ended = (number: number) => sample(value, number, { collector: 'hanging' });
  const hanging = collector('hanging', () => new Promise((resolve) => late.push(resolve)), '* * * * *');

  beforeEach(() => {
    vi.useFakeTimers();
    late.length = 0;
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  async function runUntilLate(runner: Runner): Promise<void> {
    const ended = runner.run(hanging);
    await vi.advanceTimersByTimeAsync(maxRunMs);
    await ended;
  }

  it('counts it as failed, reports it once, and runs it again at its next turn', async () => {
    const { runner, lines } = run(hanging);
    await runUntilLate(runner);
    expect(show(await runner.collect(1000))).toContain('lvs_exporter_collector_success{hanging} 0');
    const next = runner.run(hanging);
    late[1]?.([ended(2)]);
    await next;
    // The result of the first no longer counts.
    late[0]?.([ended(1)]);
    expect(show(await runner.collect(1000))).toEqual([...succeeded('hanging'), 'test_value{hanging} 2']);
    expect(lines).toEqual([
      `error | ${logMessages.collectorFailed} | hanging | No answer within 120 s`,
      `info | ${logMessages.collectorWorks} | hanging`,
    ]);
  });

  it('has no more than two runs that hang, and starts another when one of them ends', async () => {
    const { runner, lines } = run(hanging);
    for (const _run of [1, 2]) await runUntilLate(runner);
    await runner.run(hanging);
    await runner.run(hanging);
    expect(late).toHaveLength(2);
    expect(show(await runner.collect(1000))).toContain('lvs_exporter_collector_success{hanging} 0');
    late[1]?.([ended(2)]);
    await vi.advanceTimersByTimeAsync(0);
    const next = runner.run(hanging);
    expect(late).toHaveLength(3);
    late[2]?.([ended(3)]);
    await next;
    expect(show(await runner.collect(1000))).toContain('test_value{hanging} 3');
    expect(lines).toEqual([
      `error | ${logMessages.collectorFailed} | hanging | No answer within 120 s`,
      `info | ${logMessages.collectorWorks} | hanging`,
    ]);
  });

  it('aborts its calls of the host, which count as its run until they end', async () => {
    let answer: (text: string) => void = () => undefined;
    let reads = 0;
    const reasons: unknown[] = [];
    const host = createHost({});
    host.readFile = () => {
      reads++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const reading = collector('reading', async (asked, signal) => {
      await asked
        .enter('blue')
        .readFile('/proc/net/ip_vs')
        .catch((reason: Error) => reasons.push(reason.message));
      expect(signal?.aborted).toBe(true);
      await asked.readFile('/proc/net/ip_vs_stats');
      return [];
    });
    host.enter = () => host;
    const { log } = run();
    const runner = createRunner({ collectors: [reading], host, log, now });
    for (const _run of [1, 2, 3]) {
      const collected = runner.collect(1000);
      await vi.advanceTimersByTimeAsync(maxRunMs);
      await collected;
    }
    expect(reasons).toEqual(Array(2).fill('No answer within 120 s'));
    expect(reads).toBe(2);
    answer('');
    await vi.advanceTimersByTimeAsync(0);
    const collected = runner.collect(1000);
    await vi.advanceTimersByTimeAsync(1000);
    await collected;
    expect(reads).toBe(3);
  });
});
