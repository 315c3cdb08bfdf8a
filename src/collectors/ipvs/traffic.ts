import type { IpVsTable } from '../../parsers/procfs/ip-vs.ts';
import type { IpVsStats } from '../../parsers/procfs/ip-vs-stats.ts';
import { counter, gauge, type Metric, type Sample, sample } from '../../scrape/metric.ts';

type Labels = Sample['labels'];

/** The five counters that IPVS keeps of everything it knows: all together, a CPU, a service, a real server. */
export interface TrafficCounters {
  readonly metrics: readonly Metric[];
  sample(traffic: IpVsStats, labels: Labels): Sample[];
}

/** Declares them. `of` ends each help text: ` of a CPU`. */
export function trafficCounters(prefix: string, of: string, labels: readonly string[] = []): TrafficCounters {
  const outgoing = '0 by design where services forward direct or by tunnel.';
  const [connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes] = [
    counter(`${prefix}_connections_total`, `Connections scheduled${of}.`, labels),
    counter(`${prefix}_incoming_packets_total`, `Packets from clients${of}.`, labels),
    counter(`${prefix}_outgoing_packets_total`, `Packets to clients${of}. ${outgoing}`, labels),
    counter(`${prefix}_incoming_bytes_total`, `Bytes from clients${of}.`, labels),
    counter(`${prefix}_outgoing_bytes_total`, `Bytes to clients${of}. ${outgoing}`, labels),
  ] as const;
  return {
    metrics: [connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes],
    sample: (traffic, values) => [
      { metric: connections, value: traffic.connections, labels: values },
      { metric: incomingPackets, value: traffic.incomingPackets, labels: values },
      { metric: outgoingPackets, value: traffic.outgoingPackets, labels: values },
      { metric: incomingBytes, value: traffic.incomingBytes, labels: values },
      { metric: outgoingBytes, value: traffic.outgoingBytes, labels: values },
    ],
  };
}

const info = gauge('ipvs_info', 'Version of the IPVS code in the kernel.', ['version']);
const buckets = gauge(
  'ipvs_connection_table_buckets',
  "Buckets of the kernel's IPVS connection hash. Not a limit on connections.",
);
const totals = trafficCounters('ipvs', '');
const cpuTotals = trafficCounters('ipvs_cpu', ', as each CPU counted them: never set back by "ipvsadm --zero"', [
  'cpu',
]);

export const ipvsTotalsMetrics = [info, buckets, ...totals.metrics, ...cpuTotals.metrics];

interface IpvsTotals {
  readonly table: Pick<IpVsTable, 'version' | 'connectionTableBuckets'>;
  readonly stats: IpVsStats;
  /** By the number of the CPU. Undefined where the kernel does not have the file. */
  readonly cpus: ReadonlyMap<number, IpVsStats> | undefined;
}

export function sampleTotals({ table, stats, cpus }: IpvsTotals): Sample[] {
  return [
    sample(info, 1, { version: table.version }),
    sample(buckets, table.connectionTableBuckets),
    ...totals.sample(stats, {}),
    ...[...(cpus ?? [])].flatMap(([cpu, counted]) => cpuTotals.sample(counted, { cpu: String(cpu) })),
  ];
}
