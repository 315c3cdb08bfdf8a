import type { IpvsDestination } from '../../netlink/ipvs/destination.ts';
import type { RealServer } from '../../parsers/procfs/ipvs/ip-vs-row.ts';
import type { SampleColumn } from '../../scrape/columns.ts';
import type { Metric } from '../../scrape/metric.ts';
import {
  ipvsRealServerActiveConnections,
  ipvsRealServerInactiveConnections,
  ipvsRealServerPersistentConnections,
  ipvsRealServerTraffic,
  ipvsRealServerWeight,
} from './metrics.ts';

/** What every real server has, in the order in which it is served. */
const ofEach = [
  [ipvsRealServerWeight, ({ weight }: RealServer) => weight],
  [ipvsRealServerActiveConnections, ({ activeConnections }: RealServer) => activeConnections],
  [ipvsRealServerInactiveConnections, ({ inactiveConnections }: RealServer) => inactiveConnections],
] as const;

/** What netlink adds. */
const ofDestination: readonly (readonly [Metric, (destination: IpvsDestination) => number])[] = [
  [ipvsRealServerPersistentConnections, ({ persistentConnections }) => persistentConnections],
  [ipvsRealServerTraffic.connections, ({ traffic }) => traffic.connections],
  [ipvsRealServerTraffic.incomingPackets, ({ traffic }) => traffic.incomingPackets],
  [ipvsRealServerTraffic.outgoingPackets, ({ traffic }) => traffic.outgoingPackets],
  [ipvsRealServerTraffic.incomingBytes, ({ traffic }) => traffic.incomingBytes],
  [ipvsRealServerTraffic.outgoingBytes, ({ traffic }) => traffic.outgoingBytes],
];

/** How many series a real server has at least: thresholds and tunnels come on top. */
export const seriesOfEach = { alone: ofEach.length, withDestination: ofEach.length + ofDestination.length };

export interface RealServerColumns {
  set(row: number, real: RealServer, destination: IpvsDestination | undefined): void;
  /** Without those of which no real server has anything. */
  list(): SampleColumn[];
}

/** @param hasDetail whether netlink gave anything. */
export function createRealServerColumns(rows: number, hasDetail: boolean): RealServerColumns {
  const column = (metric: Metric) => ({ metric, values: new Float64Array(rows).fill(Number.NaN) });
  const alone = ofEach.map(([metric, read]) => ({ read, column: column(metric) }));
  const added = hasDetail ? ofDestination.map(([metric, read]) => ({ read, column: column(metric) })) : [];
  let isAnyAdded = false;
  return {
    set(row, real, destination) {
      for (const { read, column } of alone) column.values[row] = read(real);
      if (destination === undefined) return;
      for (const { read, column } of added) column.values[row] = read(destination);
      isAnyAdded = true;
    },
    list: () => (rows === 0 ? [] : [...alone, ...(isAnyAdded ? added : [])].map(({ column }) => column)),
  };
}
