import { createTask } from 'node-cron';
import type { Runner } from './scrape.ts';

/** Something to be done again and again. */
export interface Job {
  readonly name: string;
  /** Cron expression with seconds. */
  readonly schedule: string;
  run(): Promise<void>;
}

export interface Schedule {
  /** Runs each of them once and then on its schedule. Fulfilled when all have run once. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The runs of the collectors that have a schedule. */
export function scheduledRuns(runner: Runner): Job[] {
  return runner.collectors.flatMap((collector) => {
    const { name, schedule } = collector;
    return schedule === undefined ? [] : [{ name, schedule, run: () => runner.run(collector) }];
  });
}

export function createSchedule(jobs: readonly Job[]): Schedule {
  const tasks = jobs.map(({ name, schedule, run }) =>
    createTask(schedule, run, {
      name,
      noOverlap: true,
      // A run that comes late, because the machine slept or is busy, is no event: the age of the samples shows it.
      suppressMissedWarning: true,
    }),
  );
  return {
    async start() {
      for (const task of tasks) await task.start();
      await Promise.all(jobs.map((job) => job.run()));
    },
    async stop() {
      for (const task of tasks) await task.destroy();
    },
  };
}
