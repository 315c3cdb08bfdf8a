import { setTimeout as sleep } from 'node:timers/promises';
import type { Prometheus } from '../cluster/prometheus.ts';
import { queryOne } from '../cluster/queries.ts';
import type { Notification } from '../cluster/webhook.ts';
import type { Lab } from '../lab.ts';

const sampleSeconds = 5;

export interface TimelineEntry {
  /** On the clock of `performance`. */
  readonly at: number;
  readonly text: string;
}

/** compute's table, every few seconds until the work is done. A scrape may fail on a busy machine: then there is no sample. */
export async function sampleTable({ prometheus }: Lab, work: Promise<unknown>): Promise<TimelineEntry[]> {
  const samples: TimelineEntry[] = [];
  const done = work.then(() => true);
  do {
    const text = await describeTable(prometheus).catch(() => undefined);
    if (text !== undefined) samples.push({ at: performance.now(), text });
  } while (!(await Promise.race([done, sleep(sampleSeconds * 1000)])));
  return samples;
}

async function describeTable(prometheus: Prometheus): Promise<string> {
  const read = (name: string) => queryOne(prometheus, `${name}{instance="compute"}`);
  const [used, equilibrium, fullIn] = [
    await read('conntrack_entries'),
    Math.round(await read('conntrack_equilibrium_entries')),
    await read('conntrack_full_in_seconds'),
  ];
  const end = Number.isFinite(fullIn) ? `full in ${fullIn.toFixed(0)} s` : 'never full';
  return `used ${used}, equilibrium ${equilibrium}, ${end}`;
}

/** The first notification of each kind about each alert. */
export function listNotified(notifications: readonly Notification[]): TimelineEntry[] {
  const entries = new Map<string, TimelineEntry>();
  for (const { at, receiver, status, labels, description } of notifications) {
    const { alertname, severity, instance, address } = labels;
    const alert = [alertname, severity, instance, address].filter((word) => word !== undefined).join(' ');
    const text = `${receiver} notified: ${alert} ${status}${status === 'firing' ? `: ${description}` : ''}`;
    const key = `${receiver} ${alert} ${status}`;
    if (!entries.has(key)) entries.set(key, { at, text });
  }
  return [...entries.values()];
}

export function printTimeline({ print }: Lab, startedAt: number, events: readonly TimelineEntry[]): void {
  print('Seconds since the load began:');
  for (const { at, text } of [...events].sort((one, other) => one.at - other.at)) {
    print(`${((at - startedAt) / 1000).toFixed(1).padStart(8)}  ${text}`);
  }
}
