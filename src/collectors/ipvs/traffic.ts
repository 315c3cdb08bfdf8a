import type { IpVsStats } from '../../parsers/procfs/ip-vs-stats.ts';
import { counter, type Metric, type Sample } from '../../scrape/metric.ts';

type Labels = Sample['labels'];

/** The five counters that IPVS keeps of everything it knows: all together, a CPU, a service, a real server. */
export interface TrafficCounters {
  readonly metrics: readonly Metric[];
  sample(traffic: IpVsStats, labels: Labels): Sample[];
}

/** Declares them. `of` ends each help text: ` of a CPU`. */
export function trafficCounters(prefix: string, of: string, labels: readonly string[] = []): TrafficCounters {
  const outgoing = '0 by design where services forward direct or by tunnel.';
  const [connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes] = [
    counter(`${prefix}_connections_total`, `Connections scheduled${of}.`, labels),
    counter(`${prefix}_incoming_packets_total`, `Packets from clients${of}.`, labels),
    counter(`${prefix}_outgoing_packets_total`, `Packets to clients${of}. ${outgoing}`, labels),
    counter(`${prefix}_incoming_bytes_total`, `Bytes from clients${of}.`, labels),
    counter(`${prefix}_outgoing_bytes_total`, `Bytes to clients${of}. ${outgoing}`, labels),
  ] as const;
  return {
    metrics: [connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes],
    sample: (traffic, values) => [
      { metric: connections, value: traffic.connections, labels: values },
      { metric: incomingPackets, value: traffic.incomingPackets, labels: values },
      { metric: outgoingPackets, value: traffic.outgoingPackets, labels: values },
      { metric: incomingBytes, value: traffic.incomingBytes, labels: values },
      { metric: outgoingBytes, value: traffic.outgoingBytes, labels: values },
    ],
  };
}
