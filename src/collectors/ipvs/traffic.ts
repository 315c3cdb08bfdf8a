import type { IpVsTable } from '../../parsers/procfs/ipvs/ip-vs.ts';
import type { IpVsStats } from '../../parsers/procfs/ipvs/ip-vs-stats.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { ipvsConnectionTableBuckets, ipvsCpuTraffic, ipvsInfo, ipvsTraffic, type TrafficMetrics } from './metrics.ts';

export function sampleTraffic(metrics: TrafficMetrics, traffic: IpVsStats, labels: Sample['labels']): Sample[] {
  return [
    { metric: metrics.connections, value: traffic.connections, labels },
    { metric: metrics.incomingPackets, value: traffic.incomingPackets, labels },
    { metric: metrics.outgoingPackets, value: traffic.outgoingPackets, labels },
    { metric: metrics.incomingBytes, value: traffic.incomingBytes, labels },
    { metric: metrics.outgoingBytes, value: traffic.outgoingBytes, labels },
  ];
}

interface IpvsTotals {
  readonly table: Pick<IpVsTable, 'version' | 'connectionTableBuckets'>;
  /** Undefined where they do not move. */
  readonly stats: IpVsStats | undefined;
  /** By the number of the CPU. Undefined where the kernel does not have the file. */
  readonly cpus: ReadonlyMap<number, IpVsStats> | undefined;
}

export function sampleTotals({ table, stats, cpus }: IpvsTotals): Sample[] {
  return [
    sample(ipvsInfo, 1, { version: table.version }),
    sample(ipvsConnectionTableBuckets, table.connectionTableBuckets),
    ...(stats ? sampleTraffic(ipvsTraffic, stats, {}) : []),
    ...[...(cpus ?? [])].flatMap(([cpu, counted]) => sampleTraffic(ipvsCpuTraffic, counted, { cpu: String(cpu) })),
  ];
}

/** The totals of all CPUs. Undefined where the kernel does not have the file. */
export function sumOf(cpus: ReadonlyMap<number, IpVsStats> | undefined): IpVsStats | undefined {
  if (cpus === undefined || cpus.size === 0) return undefined;
  const add = (key: keyof IpVsStats) => [...cpus.values()].reduce((total, counted) => total + counted[key], 0);
  return {
    connections: add('connections'),
    incomingPackets: add('incomingPackets'),
    outgoingPackets: add('outgoingPackets'),
    incomingBytes: add('incomingBytes'),
    outgoingBytes: add('outgoingBytes'),
  };
}
