import type { IpVsTable } from '../../parsers/procfs/ip-vs.ts';
import type { IpVsStats } from '../../parsers/procfs/ip-vs-stats.ts';
import { gauge, type Sample, sample } from '../../scrape/metric.ts';
import { trafficCounters } from './traffic.ts';

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

export interface IpvsTotals {
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
