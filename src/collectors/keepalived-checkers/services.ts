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
 * The services that virtual servers stand for. What cannot be distinguished in the kernel is reported once: of several virtual
 * servers for the same service, and of several real servers that have the same address and port there, the first.
 */
export function listCheckedServices(virtualServers: readonly CheckedVirtualServer[]): CheckedService[] {
  const services = new Map<string, CheckedService>();
  for (const server of virtualServers) {
    for (const service of server.services) {
      const labels = labelService(service);
      const key = JSON.stringify(labels);
      if (!services.has(key)) services.set(key, toCheckedService(server, service, labels));
    }
  }
  return [...services.values()];
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
