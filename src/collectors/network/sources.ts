import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import { parseNetstatCounter } from '../../parsers/procfs/netstat.ts';
import { type Metric, type Sample, sampleKnown } from '../../scrape/metric.ts';

/** Undefined where this kernel, or this network namespace, does not have it. */
export type NumberSource = (host: Host) => Promise<number | undefined>;

export const file =
  (path: string, parse: (text: string) => number | undefined): NumberSource =>
  (host) =>
    ifPresent(readParsed(host, path, parse));

/** A counter of /proc/net/snmp or netstat: TcpExt, `ListenOverflows`. */
export const counterOf = (path: string, group: string, name: string): NumberSource =>
  file(path, (text) => parseNetstatCounter(text, group, name));

export const ofTcp = (name: string): NumberSource => counterOf('/proc/net/netstat', 'TcpExt', name);

export async function sampleOf(
  metric: Metric,
  value: Promise<number | undefined>,
  labels: Sample['labels'] = {},
): Promise<Sample[]> {
  return sampleKnown(metric, await value, labels);
}
