import type { FindName } from '../../parsers/service-names.ts';
import { seriesLimited } from '../../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import type { JoinedVirtualServer } from './join.ts';
import type { Recall } from './label-memory.ts';
import { labelVirtualServer } from './labels.ts';
import { countRealServerSeries, sampleAggregate, sampleRealServers } from './real-servers.ts';
import { sampleVirtualServer } from './virtual-servers.ts';

export interface SeriesOptions {
  /** Real servers are exported one by one in up to so many series, otherwise added up for each virtual server. */
  readonly maxSeries: number;
  /** Whether to add them up always. */
  readonly aggregate: boolean;
}

export type SampleServers = (servers: readonly JoinedVirtualServer[], recall: Recall, findName: FindName) => Sample[];

/** Part of the limit that must be free before real servers are exported individually again. */
const reserve = 0.05;

/**
 * Gives the samples of all servers, and how many series the limit holds back. A few real servers that come and go at the
 * limit must not change every series each time, so it is remembered whether it was exceeded last.
 */
export function createSampleServers({ maxSeries, aggregate }: SeriesOptions): SampleServers {
  let isLimited = false;
  return (servers, recall, findName) => {
    const wanted = servers.reduce((total, server) => total + countRealServerSeries(server), 0);
    isLimited = !aggregate && wanted > (isLimited ? maxSeries * (1 - reserve) : maxSeries);
    const samples = sampleAll(servers, aggregate || isLimited ? sampleAggregate : sampleRealServers, recall, findName);
    samples.push(sample(seriesLimited, isLimited ? wanted : 0, { collector: 'ipvs' }));
    return samples;
  };
}

function sampleAll(
  servers: readonly JoinedVirtualServer[],
  sampleReal: typeof sampleRealServers,
  recall: Recall,
  findName: FindName,
): Sample[] {
  const samples: Sample[] = [];
  const realServerSamples: Sample[] = [];
  // Not flatMap(), which takes many times as long: a large table has 60,000 samples.
  for (const server of servers) {
    const labels = labelVirtualServer(server);
    for (const one of sampleVirtualServer(server, labels, findName(labels))) samples.push(one);
    for (const one of sampleReal(server, labels, recall)) realServerSamples.push(one);
  }
  return samples.concat(realServerSamples);
}
