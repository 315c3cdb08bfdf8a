import type { FindName } from '../../parsers/service-names.ts';
import type { SamplePart } from '../../scrape/columns.ts';
import { seriesLimited } from '../../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import type { JoinedVirtualServer } from './join.ts';
import type { Recall } from './labels/label-memory.ts';
import { labelVirtualServer, type VirtualServerLabels } from './labels/labels.ts';
import { createRowMemory } from './labels/row-memory.ts';
import { countRealServerSeries, sampleAggregate, sampleRealServers } from './real-servers.ts';
import { sampleVirtualServer } from './virtual-servers.ts';

export interface SeriesOptions {
  /** Real servers are exported one by one in up to so many series, otherwise added up for each virtual server. */
  readonly maxSeries: number;
  /** Whether to add them up always. */
  readonly aggregate: boolean;
}

export type SampleServers = (
  servers: readonly JoinedVirtualServer[],
  recall: Recall,
  findName: FindName,
) => SamplePart[];

/** Part of the limit that must be free before real servers are exported individually again. */
const reserve = 0.05;

/**
 * Gives the samples of all servers, and how many series the limit holds back. A few real servers that come and go at the
 * limit must not change every series each time, so it is remembered whether it was exceeded last.
 */
export function createSampleServers({ maxSeries, aggregate }: SeriesOptions): SampleServers {
  const keepRows = createRowMemory();
  let isLimited = false;
  return (servers, recall, findName) => {
    const wanted = servers.reduce((total, server) => total + countRealServerSeries(server), 0);
    isLimited = !aggregate && wanted > (isLimited ? maxSeries * (1 - reserve) : maxSeries);
    const labelsOf = createLabelsOf(servers);
    const samples: SamplePart[] = [];
    for (const server of servers) {
      const labels = labelsOf(server);
      samples.push(...sampleVirtualServer(server, labels, findName(labels)));
    }
    const isAggregated = aggregate || isLimited;
    const real = isAggregated
      ? sampleAggregates(servers, labelsOf)
      : sampleRealServers(servers, labelsOf, { recall, keepRows });
    const limited = sample(seriesLimited, isLimited ? wanted : 0, { collector: 'ipvs' });
    return samples.concat(real, limited);
  };
}

/** One object for all that is sampled of a virtual server. */
function createLabelsOf(servers: readonly JoinedVirtualServer[]): (server: JoinedVirtualServer) => VirtualServerLabels {
  const labels = new Map(servers.map((server) => [server, labelVirtualServer(server)]));
  return (server) => labels.get(server) ?? labelVirtualServer(server);
}

function sampleAggregates(
  servers: readonly JoinedVirtualServer[],
  labelsOf: (server: JoinedVirtualServer) => VirtualServerLabels,
): Sample[] {
  return servers.flatMap((server) => sampleAggregate(server, labelsOf(server)));
}
