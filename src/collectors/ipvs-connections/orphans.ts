import type { VirtualServer } from '../../parsers/procfs/ipvs/ip-vs.ts';
import { type IpVsConnection, readServer } from '../../parsers/procfs/ipvs/ip-vs-conn-sync.ts';
import type { RealServer } from '../../parsers/procfs/ipvs/ip-vs-row.ts';

/** Connections by the servers that they are between. */
export interface ServerTally {
  add(connection: IpVsConnection): void;
  /** How many connections of each protocol go to a real server that their virtual server does not have. */
  withoutServer(table: readonly VirtualServer[]): ReadonlyMap<string, number>;
}

interface Between {
  readonly protocol: string;
  readonly virtualServer: string;
  readonly realServer: string;
  entries: number;
}

/** Of those over which packets still go: a connection that is closing outlasts its real server by two minutes. */
export function createServerTally(): ServerTally {
  const tallies = new Map<string, Between>();
  return {
    add({ protocol, virtualServer, realServer, template, state }) {
      if (template || !isInUse(state)) return;
      const key = `${protocol} ${virtualServer} ${realServer}`;
      const tally = tallies.get(key);
      if (tally) tally.entries++;
      else tallies.set(key, { protocol, virtualServer, realServer, entries: 1 });
    },
    withoutServer(table) {
      const find = createFindServers(table);
      const counts = new Map([...new Set(['tcp', 'udp', ...protocolsOf(tallies)])].map((protocol) => [protocol, 0]));
      for (const one of tallies.values()) {
        if (!find(one).some((real) => isServer(real, one))) {
          counts.set(one.protocol, (counts.get(one.protocol) ?? 0) + one.entries);
        }
      }
      return counts;
    },
  };
}

/** UDP has no states. */
function isInUse(state: string): boolean {
  return state === '' || state === 'established';
}

function protocolsOf(tallies: ReadonlyMap<string, Between>): string[] {
  return [...tallies.values()].map(({ protocol }) => protocol);
}

/**
 * Finds the real servers that a connection may go to: those of its virtual server, which with port 0 has every port, and
 * those of firewall marks, which connections do not show.
 */
function createFindServers(table: readonly VirtualServer[]): (of: Between) => readonly RealServer[] {
  const services = new Map<string, RealServer[]>();
  const marked: RealServer[] = [];
  for (const { protocol, address, port, fwmark, realServers } of table) {
    const key = `${protocol} ${address} ${port}`;
    if (fwmark === '') services.set(key, [...(services.get(key) ?? []), ...realServers]);
    else marked.push(...realServers);
  }
  return ({ protocol, virtualServer }) => {
    const { address, port } = readServer(virtualServer);
    return [port, '0'].flatMap((one) => services.get(`${protocol} ${address} ${one}`) ?? []).concat(marked);
  };
}

/** A real server of port 0 gets packets for the port of the client's choice. */
function isServer({ address, port }: RealServer, { realServer }: Between): boolean {
  const actual = readServer(realServer);
  return actual.address === address && (port === '0' || actual.port === port);
}
