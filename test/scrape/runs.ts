import type { Log } from '../../src/log/log.ts';
import type { Collector } from '../../src/scrape/collector.ts';
import { gauge, type Sample, sample } from '../../src/scrape/metric.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { createHost } from '../machine.ts';

export const value = gauge('test_value', 'A value.', ['collector']);
export const now = () => 1_700_000_000_000;

export function collector(name: string, collect: Collector['collect'], schedule?: string): Collector {
  return { name, help: name, metrics: [value], collect, ...(schedule === undefined ? {} : { schedule }) };
}

export function working(name: string, number = 1): Collector {
  return collector(name, async () => [sample(value, number, { collector: name })]);
}

/** A runner of these collectors, and the lines that it logs. */
export function run(...collectors: Collector[]) {
  const lines: string[] = [];
  const entries: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      entries.push({ level, message, fields: { ...fields } });
      if (level !== 'debug')
        lines.push([level, message, ...Object.values(fields).filter((field) => field !== undefined)].join(' | '));
    };
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  return { runner: createRunner({ collectors, host: createHost({}), log, now }), log, lines, entries };
}

/** The samples as `name{collector} value`, without the durations, which vary. */
export function show(samples: readonly Sample[]): string[] {
  return samples
    .filter(({ metric }) => metric.name !== 'lvs_exporter_collector_duration_seconds')
    .map(({ metric, labels, value }) => `${metric.name}{${labels.collector}} ${value}`);
}

/** How a collector did that worked. */
export const succeeded = (name: string) => [
  `lvs_exporter_collector_last_success_timestamp_seconds{${name}} 1700000000`,
  `lvs_exporter_collector_available{${name}} 1`,
  `lvs_exporter_collector_success{${name}} 1`,
];
