import type { Collector } from '../collector.ts';
import { seriesLimited } from '../exporter-metrics.ts';
import { sample } from '../metric.ts';
import { checkedServerMetrics, sampleCheckedRealServer, sampleCheckedService } from './checked-server-samples.ts';
import { listServices } from './checked-services.ts';
import type { SeriesOptions } from './ipvs-servers.ts';
import { dumpTimestamp, withDaemon } from './keepalived.ts';
import { readChecks } from './keepalived-checks.ts';

/**
 * What keepalived's checkers found out about the servers of its configuration. Of a keepalived that does not run nothing
 * is told: nobody checks then.
 */
export function createKeepalivedCheckers({ mostSeries }: Pick<SeriesOptions, 'mostSeries'>): Collector {
  return {
    name: 'keepalived-checkers',
    help: 'keepalived: quorum of virtual servers; state, weight and failed checkers of real servers, from its dump keepalived_check.data.',
    metrics: checkedServerMetrics,
    async collect(host) {
      const checks = readChecks(await host.keepalived());
      if (checks.length === 0) return [];
      const read = checks.map((check) => ({ ...check, services: listServices(check.virtualServers) }));
      const realServers = read.map(({ daemon, services }) =>
        withDaemon(daemon, services.flatMap((service) => service.realServers).flatMap(sampleCheckedRealServer)),
      );
      const count = realServers.reduce((total, samples) => total + samples.length, 0);
      const heldBack = count > mostSeries ? count : 0;
      return [
        sample(seriesLimited, heldBack, { collector: 'keepalived-checkers' }),
        ...read.flatMap(({ daemon, services, modifiedSeconds }) =>
          withDaemon(daemon, [
            ...services.flatMap(sampleCheckedService),
            sample(dumpTimestamp, modifiedSeconds, { dump: 'check' }),
          ]),
        ),
        ...(heldBack > 0 ? [] : realServers.flat()),
      ];
    },
  };
}
