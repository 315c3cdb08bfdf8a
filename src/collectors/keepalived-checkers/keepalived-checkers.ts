import type { Collector } from '../../scrape/collector.ts';
import { seriesLimited } from '../../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import type { SeriesOptions } from '../ipvs/servers.ts';
import { withDaemon } from '../keepalived/keepalived.ts';
import { keepalivedDumpSkippedLines, keepalivedDumpTimestampSeconds } from '../keepalived/metrics.ts';
import { readChecks } from './checks.ts';
import type { GroupNames } from './group-names.ts';
import { checkedServerMetrics } from './metrics.ts';
import { sampleCheckedRealServer, sampleCheckedService } from './samples.ts';
import { groupServices, listCheckedServices, listRealServers, type Parts } from './services.ts';

/**
 * What keepalived's checkers found out about the servers of its configuration. Of a keepalived that does not run nothing
 * is exported: no checker runs then.
 */
export function createKeepalivedCheckers(options: SeriesOptions, groupNames?: GroupNames): Collector {
  return {
    name: 'keepalived-checkers',
    help: 'keepalived: quorum of virtual servers; state, weight and failed checkers of real servers, from its dump keepalived_check.data.',
    metrics: checkedServerMetrics,
    async collect(host) {
      const checks = readChecks(await host.keepalived());
      if (checks.length === 0) return [];
      groupNames?.note(checks);
      const read = checks.map((check) => ({
        ...check,
        services: groupServices(listCheckedServices(check.virtualServers)),
      }));
      const { exported, heldBack } = limit(read.flatMap(sampleRealServers), options);
      return [
        sample(seriesLimited, heldBack, { collector: 'keepalived-checkers' }),
        ...read.flatMap(({ daemon, services, modifiedSeconds, skipped }) =>
          withDaemon(daemon, [
            ...services.flatMap(sampleCheckedService),
            sample(keepalivedDumpTimestampSeconds, modifiedSeconds, { dump: 'check' }),
            sample(keepalivedDumpSkippedLines, skipped.lines, { dump: 'check' }),
          ]),
        ),
        ...exported,
      ];
    },
  };
}

interface RealServerSamples {
  readonly up: boolean | undefined;
  readonly samples: readonly Sample[];
}

function sampleRealServers({ daemon, services }: { daemon: string; services: Parts[] }): RealServerSamples[] {
  return services
    .flatMap(listRealServers)
    .map((real) => ({ up: real.server.up, samples: withDaemon(daemon, sampleCheckedRealServer(real)) }));
}

/** Where not all real servers are exported one by one, those that are down still are, as far as the limit allows. */
function limit(realServers: readonly RealServerSamples[], { maxSeries, aggregate }: SeriesOptions) {
  const flatten = (some: readonly RealServerSamples[]) => some.flatMap(({ samples }) => samples);
  const down = flatten(realServers.filter(({ up }) => up === false));
  const wanted = aggregate ? down : flatten(realServers);
  const exported = wanted.length <= maxSeries ? wanted : down.slice(0, maxSeries);
  return { exported, heldBack: wanted.length - exported.length };
}
