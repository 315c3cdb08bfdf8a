import { createTask } from 'node-cron';
import type { Collector } from '../scrape/collector.ts';

/**
 * Decides whether to read a collector at a moment, in seconds from a start: always, or as often as its schedule
 * reports, which may be less.
 */
export function createTimetable(collectors: readonly Collector[]): (collector: Collector, seconds: number) => boolean {
  const next = new Map(collectors.map((collector) => [collector, 0]));
  return (collector, seconds) => {
    if (seconds < (next.get(collector) ?? 0)) return false;
    next.set(collector, seconds + periodSeconds(collector));
    return true;
  };
}

function periodSeconds({ schedule }: Collector): number {
  if (schedule === undefined) return 0;
  const [first, second] = createTask(schedule, () => undefined).getNextRuns(2);
  return first && second ? (second.getTime() - first.getTime()) / 1000 : 0;
}
