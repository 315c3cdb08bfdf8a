import { seriesLimited } from '../exporter-metrics.ts';
import { type Sample, sample } from '../metric.ts';
import type { JoinedVirtualServer } from './ipvs-joined.ts';
import { countRealServerSeries, sampleAggregate, sampleRealServers } from './ipvs-real-server-samples.ts';
import { labelVirtualServer, sampleVirtualServer } from './ipvs-virtual-server-samples.ts';
import type { Recall } from './label-memory.ts';

export interface SeriesOptions {
  /** Real servers are told one by one in up to so many series, otherwise added up for each virtual server. */
  readonly mostSeries: number;
  /** Whether to add them up always. */
  readonly aggregate: boolean;
}

/** The samples of all servers, and how many series the limit held back. */
export function sampleServers(
  servers: readonly JoinedVirtualServer[],
  options: SeriesOptions,
  recall: Recall,
): Sample[] {
  const wanted = servers.reduce((total, server) => total + countRealServerSeries(server), 0);
  const isLimited = !options.aggregate && wanted > options.mostSeries;
  const sampleReal = options.aggregate || isLimited ? sampleAggregate : sampleRealServers;
  const samples: Sample[] = [];
  const realServerSamples: Sample[] = [];
  // Not flatMap(), which takes many times as long: a large table has 60,000 samples.
  for (const server of servers) {
    const labels = labelVirtualServer(server);
    for (const one of sampleVirtualServer(server, labels)) samples.push(one);
    for (const one of sampleReal(server, labels, recall)) realServerSamples.push(one);
  }
  const heldBack = isLimited ? wanted - realServerSamples.length : 0;
  samples.push(sample(seriesLimited, heldBack, { collector: 'ipvs' }));
  return samples.concat(realServerSamples);
}
