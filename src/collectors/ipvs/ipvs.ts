import { computeInTurns, type Steps } from '../../async/turns.ts';
import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed, readParsedInTurns } from '../../host/read.ts';
import type { IpvsDetail } from '../../netlink/ipvs/ipvs.ts';
import { type IpVsTable, parseIpVsStepwise } from '../../parsers/procfs/ipvs/ip-vs.ts';
import { parseIpVsStats } from '../../parsers/procfs/ipvs/ip-vs-stats.ts';
import { parseIpVsStatsPerCpu } from '../../parsers/procfs/ipvs/ip-vs-stats-percpu.ts';
import type { FindName } from '../../parsers/service-names.ts';
import type { Collector } from '../../scrape/collector.ts';
import { listSamples, type SamplePart, withoutMetrics } from '../../scrape/columns.ts';
import { sourceInfo } from '../../scrape/exporter-metrics.ts';
import { type Metric, sample } from '../../scrape/metric.ts';
import { PartialFailure } from '../../scrape/partial-failure.ts';
import { createAttempts } from '../attempts.ts';
import { readConnectionStatus, sampleConnectionLimit } from './connections.ts';
import { readDetail } from './detail.ts';
import { joinServers } from './join.ts';
import { createLabelMemory } from './labels/label-memory.ts';
import { createNames, type NameOptions } from './labels/names.ts';
import {
  ipvsRealServerTraffic,
  ipvsSettingsMetrics,
  ipvsTotalsMetrics,
  ipvsUpstreamConntrackLimit,
  ipvsVirtualServerTraffic,
  realServerMetrics,
  virtualServerMetrics,
} from './metrics.ts';
import { createSampleServers, type SeriesOptions } from './servers.ts';
import { readSettings, sampleSetup } from './settings.ts';
import { sampleTotals, sumOf } from './traffic.ts';

const tableFile = '/proc/net/ip_vs';

/** The counters of services and real servers. */
const serverTraffic: ReadonlySet<Metric> = new Set(
  [ipvsVirtualServerTraffic, ipvsRealServerTraffic].flatMap((metrics) => Object.values(metrics)),
);

export interface IpvsOptions extends SeriesOptions, NameOptions {
  /** Maximum number of flows that the stateful hop upstream of this director tracks, if configured. It cannot be read here. */
  readonly upstreamConntrackLimit: number | undefined;
}

/**
 * The IPVS table of this network namespace. Its files are world-readable; what netlink alone shows, the counters of
 * services and real servers above all, needs CAP_NET_ADMIN and is left out without it.
 */
export function createIpvs(options: IpvsOptions): Collector {
  const limit = options.upstreamConntrackLimit;
  const recallLabels = createLabelMemory();
  const readNames = createNames(options);
  const sampleServers = createSampleServers(options);

  function* sampleTable(table: IpVsTable, detail: IpvsDetail | undefined, findName: FindName): Steps<SamplePart[]> {
    const joined = joinServers(table.virtualServers, detail);
    yield;
    return sampleServers(joined, recallLabels(), findName);
  }

  async function collectParts(host: Host): Promise<SamplePart[]> {
    const { attempt, problem: problemOfTotals } = createAttempts();
    const [table, stats, cpus, status, { settings, problem, isFrozen }] = await Promise.all([
      readParsedInTurns(host, tableFile, parseIpVsStepwise),
      attempt(readParsed(host, '/proc/net/ip_vs_stats', parseIpVsStats)),
      attempt(ifPresent(readParsed(host, '/proc/net/ip_vs_stats_percpu', parseIpVsStatsPerCpu))),
      attempt(readConnectionStatus(host)),
      readSettings(host),
    ]);
    const detail = await attempt(readDetail(host));
    const names = await readNames();
    const servers = await computeInTurns(sampleTable(table, detail, names.find));
    const sources = detail ? ['procfs', 'netlink'] : ['procfs'];
    const samples: SamplePart[] = [
      ...sources.map((source) => sample(sourceInfo, 1, { collector: 'ipvs', source })),
      ...sampleTotals({ table, stats: isFrozen ? sumOf(cpus) : stats, cpus }),
      ...sampleConnectionLimit({ status, table, detail, settings }),
      ...settings,
      ...(detail ? sampleSetup(detail) : []),
      ...(limit === undefined ? [] : [sample(ipvsUpstreamConntrackLimit, limit)]),
      ...(isFrozen ? withoutMetrics(servers, serverTraffic) : servers),
    ];
    const missing = table.problem?.in(tableFile) ?? problem ?? problemOfTotals() ?? names.problem;
    if (missing) throw new PartialFailure(missing, samples);
    return samples;
  }

  return {
    name: 'ipvs',
    help: 'IPVS services and real servers from /proc/net/ip_vs, their counters over netlink (CAP_NET_ADMIN), totals and settings.',
    metrics: [
      ...ipvsTotalsMetrics,
      ...ipvsSettingsMetrics,
      ...virtualServerMetrics,
      ...realServerMetrics,
      ipvsUpstreamConntrackLimit,
    ],
    collectParts,
    collect: async (host) => listSamples(await collectParts(host)),
  };
}
