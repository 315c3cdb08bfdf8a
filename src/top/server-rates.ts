import { ipvsRealServerTraffic } from '../collectors/ipvs/metrics.ts';
import { virtualServerKey } from '../identity/virtual-server.ts';
import type { ListedServer, ListedService } from '../page/model/services.ts';
import type { Notes } from '../page/model/status.ts';

/** New connections per second of a real server; undefined where they are not known. */
export type ServerRates = (service: Pick<ListedService, 'key'>, server: ListedServer) => number | undefined;

const counter = ipvsRealServerTraffic.connections.name;

export function serverRates(now: Notes, before: Notes | undefined): ServerRates {
  const [later, earlier] = [connectionsOf(now), before ? connectionsOf(before) : new Map<string, number>()];
  const seconds = before ? now.atSeconds - before.atSeconds : 0;
  return ({ key: service }, { address, port, forward }) => {
    const key = JSON.stringify([service, address, port, forward]);
    const rise = (later.get(key) ?? Number.NaN) - (earlier.get(key) ?? Number.NaN);
    return rise >= 0 && seconds > 0 ? rise / seconds : undefined;
  };
}

function connectionsOf({ samples }: Notes): Map<string, number> {
  const counters = samples.filter(({ metric }) => metric.name === counter);
  return new Map(
    counters.map(({ labels, value }) => {
      const { real_address, real_port, forward } = labels;
      return [JSON.stringify([virtualServerKey(labels), real_address, real_port, forward]), value];
    }),
  );
}
