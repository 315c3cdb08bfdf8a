import { groupBy } from '../../identity/group-by.ts';
import type {
  CheckedIdentity,
  CheckedRealServer,
  CheckedVirtualServer,
  SorryServer,
} from '../../parsers/keepalived/checkers/checked-server.ts';
import { endpointKey } from '../ipvs/join.ts';
import type { Labels, VirtualServerLabels } from '../ipvs/labels/labels.ts';

/** A service of the kernel that keepalived manages, with the labels that the ipvs collector gives it. */
export interface CheckedService {
  readonly server: CheckedVirtualServer;
  readonly labels: VirtualServerLabels;
  readonly realServers: readonly Labelled<CheckedRealServer>[];
  readonly sorryServer: Labelled<SorryServer> | undefined;
}

export interface Labelled<Server> {
  readonly server: Server;
  /** As the kernel has it, by `endpointKey`. */
  readonly key: string;
  /** `forward` is as configured: the kernel calls a real server that is on this machine `local`. */
  readonly labels: Labels;
}

/**
 * The services that virtual servers stand for. Several virtual servers may have one group: the kernel then has one service
 * with the real servers of all. Of several real servers with the same address and port in the kernel the first counts.
 */
export function listCheckedServices(virtualServers: readonly CheckedVirtualServer[]): CheckedService[] {
  return virtualServers.flatMap((server) => {
    const services = new Map(server.services.map((service) => [JSON.stringify(labelService(service)), service]));
    return [...services.values()].map((service) => toCheckedService(server, service, labelService(service)));
  });
}

/** What virtual servers have of one service of the kernel. */
export type Parts = readonly [CheckedService, ...CheckedService[]];

export function groupServices(services: readonly CheckedService[]): Parts[] {
  const groups = groupBy(services, ({ labels }) => JSON.stringify(labels)).values();
  return [...groups].flatMap(([first, ...others]): Parts[] => (first ? [[first, ...others]] : []));
}

/** The real servers of one service of the kernel. */
export function listRealServers(parts: Parts): Labelled<CheckedRealServer>[] {
  const all = parts.flatMap(({ realServers }) => realServers);
  return [...new Map(all.map((one) => [one.key, one] as const).reverse()).values()].reverse();
}

function labelService({ protocol, address, port, fwmark, family }: CheckedIdentity): VirtualServerLabels {
  return family === undefined ? { protocol, address, port, fwmark } : { protocol, address, port, fwmark, family };
}

function toCheckedService(
  server: CheckedVirtualServer,
  service: CheckedIdentity,
  labels: VirtualServerLabels,
): CheckedService {
  const label = <Server extends CheckedRealServer | SorryServer>(one: Server): Labelled<Server> => {
    const { address, forward } = one;
    const port = portInKernel(service, one);
    const own = { ...labels, real_address: address, real_port: port, forward: forward ?? '' };
    return { server: one, key: endpointKey({ address, port }), labels: own };
  };
  const realServers = new Map(
    server.realServers
      .map(label)
      .reverse()
      .map((one) => [one.key, one]),
  );
  return {
    server,
    labels,
    realServers: [...realServers.values()].reverse(),
    sorryServer: server.sorryServer && label(server.sorryServer),
  };
}

/** keepalived gives the kernel the port of the service, of a firewall mark 0, unless masquerading changes the port. */
function portInKernel({ port }: CheckedIdentity, { forward, port: own }: CheckedRealServer | SorryServer): string {
  return forward === 'masquerade' ? own : port || '0';
}
