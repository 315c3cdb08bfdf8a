import { createMoments } from './moments.ts';
import type { Runner } from './scrape.ts';

/** Something to be done again and again. */
export interface Job {
  /** Cron expression with seconds. */
  readonly schedule: string;
  /**
   * Never rejects. It is not called again before it has come to an end.
   *
   * @param intervalSeconds until it is called again, or from then to the time after, whichever is longer.
   */
  run(intervalSeconds: number): Promise<void>;
}

export interface Schedule {
  /** Runs each of them once and then on its schedule. Fulfilled when all have run once. */
  start(): Promise<void>;
  stop(): void;
}

/** The runs of the collectors that have a schedule. */
export function scheduledRuns(runner: Runner): Job[] {
  return runner.collectors.flatMap((collector) => {
    const { schedule } = collector;
    return schedule === undefined
      ? []
      : [{ schedule, run: (intervalSeconds) => runner.run(collector, intervalSeconds) }];
  });
}

export function createSchedule(jobs: readonly Job[]): Schedule {
  const timers = jobs.map(createJobTimer);
  return {
    async start() {
      await Promise.all(timers.map((timer) => timer.start()));
    },
    stop() {
      for (const timer of timers) timer.stop();
    },
  };
}

interface JobTimer {
  start(): Promise<void>;
  stop(): void;
}

/** After so long it looks at the clock again, which may have been set. */
const maxWaitMs = 60_000;

/** A timer may end a millisecond early, and would find the same moment before it again. */
const afterMomentMs = 5;

/**
 * Runs a job at each moment of its schedule. It waits for a length of time and not, as node-cron does, for a time of day:
 * set back by an hour, that does nothing for an hour; set forward by years, it counts every moment in between.
 */
function createJobTimer({ schedule, run }: Job): JobTimer {
  const moments = createMoments(schedule);
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | undefined;

  function wait(): void {
    const now = Date.now();
    const [next = now] = moments.next(now, 1);
    const waitMs = next - now + afterMomentMs;
    timer = waitMs > maxWaitMs ? setTimeout(wait, maxWaitMs) : setTimeout(tick, waitMs);
  }

  function intervalSeconds(): number {
    const now = Date.now();
    const [next = now, after = next] = moments.next(now, 2);
    return Math.round(Math.max(next - now, after - next) / 1000);
  }

  function tick(): Promise<void> {
    wait();
    underWay ??= run(intervalSeconds()).finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  return {
    start: tick,
    stop() {
      clearTimeout(timer);
      moments.stop();
    },
  };
}
