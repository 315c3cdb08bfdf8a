import type { RealServer } from '../../../parsers/procfs/ipvs/ip-vs-row.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { JoinedVirtualServer } from '../join.ts';

export type Labels = Sample['labels'];

/** With `family`, where it is known. */
export type VirtualServerLabels = Labels & Readonly<Record<'protocol' | 'address' | 'port' | 'fwmark', string>>;

export function labelVirtualServer({
  server,
  family,
}: Pick<JoinedVirtualServer, 'server' | 'family'>): VirtualServerLabels {
  const { protocol, address, port, fwmark } = server;
  return family === undefined ? { protocol, address, port, fwmark } : { protocol, address, port, fwmark, family };
}

/** A literal, because to spread the labels of the virtual server takes five times as long. */
export function labelRealServer(
  virtualServer: VirtualServerLabels,
  { address, port, forward }: Pick<RealServer, 'address' | 'port' | 'forward'>,
): Labels {
  const { protocol, address: virtualAddress, port: virtualPort, fwmark, family } = virtualServer;
  const labels = {
    protocol,
    address: virtualAddress,
    port: virtualPort,
    fwmark,
    real_address: address,
    real_port: port,
    forward,
  };
  return family === undefined ? labels : { ...labels, family };
}
