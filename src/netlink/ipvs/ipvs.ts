/**
 * Reads IPVS over generic netlink. Nothing here changes anything or makes the kernel load a module.
 *
 * Every function rejects with a system error: `EPERM` without CAP_NET_ADMIN in the initial user namespace, which IPVS
 * wants for reading too; `ENOENT` where IPVS is not loaded; `ENOSYS` on a platform without koffi.
 */

import { inTurns } from '../caller.ts';
import { askFamily, findFamily, type GenericFamily, type GenericRequest, NETLINK_GENERIC } from '../generic.ts';
import { malformed, NLM_F_ACK, NLM_F_DUMP } from '../messages.ts';
import { type NetlinkSocket, withSocket } from '../socket.ts';
import { decodeDestination, type IpvsDestination } from './destination.ts';
import { decodeService, encodeServiceName, type IpvsService } from './service.ts';
import { decodeDaemon, decodeTimeouts, type IpvsTimeouts, type SyncDaemon } from './setup.ts';

/** What generic netlink reports about IPVS and no file contains. */
export interface IpvsDetail {
  readonly timeouts: IpvsTimeouts;
  readonly daemons: readonly SyncDaemon[];
  readonly services: readonly DetailedService[];
}

export interface DetailedService extends IpvsService {
  readonly realServers: readonly IpvsDestination[];
}

export interface IpvsNetlinkOptions {
  /** A file that stands for the network namespace to read: `/run/netns/director`. Without it, this process's own. */
  readonly namespace?: string | undefined;
}

const family = { name: 'IPVS', version: 1 } as const;

/** The only commands that can be sent: every other one changes something. */
const commands = {
  getService: { operation: 'get service', command: 4, flags: NLM_F_DUMP },
  getDest: { operation: 'get dest', command: 8, flags: NLM_F_DUMP },
  getDaemon: { operation: 'get daemon', command: 11, flags: NLM_F_DUMP },
  /** Its one answer is no dump, which NLMSG_DONE would end: an acknowledgement does. */
  getConfig: { operation: 'get config', command: 13, flags: NLM_F_ACK },
} as const;

/**
 * Reads the services with their destinations, the timeouts and the synchronisation daemons. A service that goes away
 * meanwhile has no destinations. One that comes or goes between two datagrams can make the kernel, which only counts how
 * many it has given, repeat or leave out another. It never reports it: nothing in ip_vs_ctl.c calls
 * genl_dump_check_consistent(), so that an answer is not marked NLM_F_DUMP_INTR.
 */
export function readIpvs({ namespace }: IpvsNetlinkOptions = {}): Promise<IpvsDetail> {
  // Two calls for each service, which take less time than one change of thread.
  return withSocket(NETLINK_GENERIC, namespace, askIpvs, inTurns);
}

/** The same over a socket that is open. */
export async function askIpvs(socket: NetlinkSocket): Promise<IpvsDetail> {
  const ask = bindFamily(socket, await findFamily(socket, family.name, family.version));
  return {
    timeouts: await readTimeouts(ask),
    daemons: await readDaemons(ask),
    services: await readServices(ask),
  };
}

type Ask = (
  command: keyof typeof commands,
  visit: GenericRequest['visit'],
  attributes?: Uint8Array,
) => Promise<unknown>;

function bindFamily(socket: NetlinkSocket, ipvs: GenericFamily): Ask {
  return (command, visit, attributes = new Uint8Array()) =>
    askFamily(socket, ipvs, { ...commands[command], attributes, visit });
}

async function readServices(ask: Ask): Promise<DetailedService[]> {
  const found: { service: IpvsService; name: Uint8Array }[] = [];
  await ask('getService', (bytes, start, stop) => {
    const name = encodeServiceName(bytes, start, stop);
    found.push({ service: decodeService(bytes, start, stop), name });
  });
  const services: DetailedService[] = [];
  for (const { service, name } of found) {
    services.push({ ...service, realServers: await readDestinations(ask, service, name) });
  }
  return services;
}

/** A socket gives one answer at a time, and there is no request for the destinations of all services. */
async function readDestinations(ask: Ask, service: IpvsService, name: Uint8Array): Promise<IpvsDestination[]> {
  const destinations: IpvsDestination[] = [];
  const visit: GenericRequest['visit'] = (bytes, start, stop) => {
    destinations.push(decodeDestination(bytes, start, stop, service.family));
  };
  await ask('getDest', visit, name);
  return destinations;
}

async function readTimeouts(ask: Ask): Promise<IpvsTimeouts> {
  let timeouts: IpvsTimeouts | undefined;
  await ask('getConfig', (bytes, start, stop) => {
    timeouts = decodeTimeouts(bytes, start, stop);
  });
  if (timeouts === undefined) throw malformed(0, 'an acknowledgement came in place of the answer');
  return timeouts;
}

async function readDaemons(ask: Ask): Promise<SyncDaemon[]> {
  const daemons: SyncDaemon[] = [];
  await ask('getDaemon', (bytes, start, stop) => {
    daemons.push(decodeDaemon(bytes, start, stop));
  });
  return daemons;
}
