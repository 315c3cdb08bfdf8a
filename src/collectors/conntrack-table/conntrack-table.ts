import type { SourceJudgement } from '../../flows/classification/sources.ts';
import { policyTimeoutsOf } from '../../flows/forecast/turnover/custom-timer.ts';
import { createFlowSampler, nextHashesBelow } from '../../flows/forecast/turnover/flow-sampler.ts';
import { scanSchedule } from '../../identity/scan-interval.ts';
import type { FindOwner } from '../../openstack/owner.ts';
import type { Collector } from '../../scrape/collector.ts';
import { sourceInfo } from '../../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { sampleOwners } from './destination-samples.ts';
import { targetAddressUnreplied } from './flooded-metrics.ts';
import { sampleLargestHolder } from './holder-samples.ts';
import { interpretScan, noPast } from './interpret-scan.ts';
import { conntrackTableMetrics } from './metrics.ts';
import { sampleCensus, sampleScan } from './samples.ts';
import { sampleScanning, sampleSources, sampleTargetAddress } from './source-samples.ts';
import { randomSeed, type ScanLimits, scanTable, type TableScan } from './table-scan.ts';
import { sampleTargets, sampleTranslations } from './translation-samples.ts';
import { sampleZoneOwners } from './zone-samples.ts';

export interface ConntrackTableOptions extends ScanLimits {
  /** Destinations with series of their own, and sources: the largest. */
  readonly destinations: number;
  /** Whether sources have series that leave this machine: addresses of clients are personal data. */
  readonly sources: boolean;
}

/**
 * Counts the connection tracking table: who fills it, how fast, and when it will be full. A forecast needs the scans
 * before, and so does a verdict that is not to flap: this collector remembers what src/flows/ makes of them.
 *
 * @param askForOwners gives what is known of whose the flows are.
 */
export function createConntrackTable(
  options: ConntrackTableOptions,
  askForOwners: () => Promise<FindOwner> = async () => () => undefined,
): Collector {
  let past = noPast;
  const sampleSeed = randomSeed();
  return {
    name: 'conntrack-table',
    help: 'The connection tracking table itself, over netlink (CAP_NET_ADMIN) or from /proc/net/nf_conntrack.',
    metrics: [...conntrackTableMetrics, targetAddressUnreplied],
    schedule: scanSchedule,
    async collect(host, signal) {
      const hashesBelow = past.turnover && nextHashesBelow(past.turnover.sample);
      const sampler = createFlowSampler(sampleSeed, hashesBelow);
      const scan = await scanTable(host, options, { sampler, policies: policyTimeoutsOf(past.turnover) });
      signal?.throwIfAborted();
      const { present, samples, judgedSources } = interpretScan(scan, past);
      past = present;
      const findOwner = await askForOwners();
      return [
        sample(sourceInfo, 1, { collector: 'conntrack-table', source: scan.source }),
        ...sampleCensus(scan.census, options.destinations),
        ...sampleHolders(scan, judgedSources, options, findOwner),
        ...sampleTranslations(scan.translations, scan.census.scale),
        ...sampleTargets(scan.targets, scan.census.scale),
        ...sampleScan(scan.census, scan.durationSeconds, Date.now() / 1000),
        ...samples,
      ];
    },
  };
}

function sampleHolders(
  { census, sample }: Pick<TableScan, 'census' | 'sample'>,
  judgedSources: SourceJudgement['judged'],
  { destinations, sources }: ConntrackTableOptions,
  findOwner: FindOwner,
): Sample[] {
  return [
    ...sampleOwners(census, destinations, findOwner),
    ...sampleZoneOwners(census, findOwner),
    ...sampleSources(census, judgedSources, { largest: destinations, areExported: sources }, findOwner),
    ...sampleScanning(census, judgedSources),
    ...sampleTargetAddress(census),
    ...sampleLargestHolder(census, sample, findOwner, sources),
  ];
}
