import { seriesLimited } from '../exporter-metrics.ts';
import { type Sample, sample } from '../metric.ts';
import type { JoinedVirtualServer } from './ipvs-joined.ts';
import { countRealServerSeries, sampleAggregate, sampleRealServers } from './ipvs-real-server-samples.ts';
import { labelVirtualServer, sampleVirtualServer } from './ipvs-virtual-server-samples.ts';

export interface SeriesOptions {
  /** Real servers are told one by one in up to so many series, otherwise added up for each virtual server. */
  readonly mostSeries: number;
  /** Whether to add them up always. */
  readonly aggregate: boolean;
}

/** The samples of all servers, and how many series the limit held back. */
export function sampleServers(servers: readonly JoinedVirtualServer[], options: SeriesOptions): Sample[] {
  const wanted = servers.reduce((total, server) => total + countRealServerSeries(server), 0);
  const isLimited = !options.aggregate && wanted > options.mostSeries;
  const sampleReal = options.aggregate || isLimited ? sampleAggregate : sampleRealServers;
  const labelled = servers.map((server) => ({ server, labels: labelVirtualServer(server) }));
  const realServerSamples = labelled.flatMap(({ server, labels }) => sampleReal(server, labels));
  const heldBack = isLimited ? wanted - realServerSamples.length : 0;
  return [
    sample(seriesLimited, heldBack, { collector: 'ipvs' }),
    ...labelled.flatMap(({ server, labels }) => sampleVirtualServer(server, labels)),
    ...realServerSamples,
  ];
}
