import { createTask } from 'node-cron';
import type { Runner } from './scrape.ts';

/** The runs of the collectors that have a schedule. */
export interface Schedule {
  /** Runs each of them once and then on its schedule. Fulfilled when all have run once. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createSchedule(runner: Runner): Schedule {
  const scheduled = runner.collectors.filter((collector) => collector.schedule !== undefined);
  const tasks = scheduled.map((collector) =>
    createTask(collector.schedule ?? '', () => runner.run(collector), {
      name: collector.name,
      noOverlap: true,
      // A run that comes late, because the machine slept or is busy, is no event: the age of the samples shows it.
      suppressMissedWarning: true,
    }),
  );
  return {
    async start() {
      for (const task of tasks) await task.start();
      await Promise.all(scheduled.map((collector) => runner.run(collector)));
    },
    async stop() {
      for (const task of tasks) await task.destroy();
    },
  };
}
