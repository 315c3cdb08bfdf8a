/**
 * Reads the addresses of the network interfaces and of their neighbours over rtnetlink, which anyone may. Nothing here changes anything.
 *
 * Rejects with a system error: `ENOSYS` on a platform without koffi; `EPERM` where another network namespace cannot be
 * entered.
 */

import { exchange, type Request } from '../exchange.ts';
import { NLM_F_DUMP } from '../messages.ts';
import { type NetlinkSocket, withSocket } from '../socket.ts';
import {
  decodeInterface,
  decodeInterfaceAddress,
  type InterfaceAddress,
  ifaddrmsgLength,
  ifinfomsgLength,
  type NumberedInterface,
} from './address-message.ts';
import { type AskedNeighbour, decodeNeighbour, ndmsgLength } from './neighbour-message.ts';

const NETLINK_ROUTE = 0;

/** The only messages of rtnetlink that can be sent: every other one changes something. */
const requests = {
  /** RTM_GETADDR, answered by RTM_NEWADDR, for every family. */
  getAddress: {
    operation: 'rtnetlink get address',
    type: 22,
    answerType: 20,
    payload: new Uint8Array(ifaddrmsgLength),
  },
  /** RTM_GETLINK, answered by RTM_NEWLINK. */
  getLink: { operation: 'rtnetlink get link', type: 18, answerType: 16, payload: new Uint8Array(ifinfomsgLength) },
  /** RTM_GETNEIGH, answered by RTM_NEWNEIGH, for every family that has neighbours. */
  getNeighbour: {
    operation: 'rtnetlink get neighbour',
    type: 30,
    answerType: 28,
    payload: new Uint8Array(ndmsgLength),
  },
} as const;

export interface AddressOptions {
  /** A file that stands for the network namespace to read: `/run/netns/director`. Without it, this process's own. */
  readonly namespace?: string | undefined;
}

export function readAddresses({ namespace }: AddressOptions = {}): Promise<InterfaceAddress[]> {
  return withSocket(NETLINK_ROUTE, namespace, async (socket) => {
    // The interfaces come after their addresses, so that one which is new in between is known.
    const addresses = await ask(socket, 'getAddress', decodeInterfaceAddress);
    return nameInterfaces(addresses, await ask(socket, 'getLink', decodeInterface));
  });
}

/** Reads whether these addresses, each in the form of parseAddress(), have answered, on every interface. */
export function readNeighbours(
  wanted: readonly string[],
  { namespace }: AddressOptions = {},
): Promise<AskedNeighbour[]> {
  const addresses = new Set(wanted);
  return withSocket(NETLINK_ROUTE, namespace, async (socket) => {
    const all = await ask(socket, 'getNeighbour', decodeNeighbour);
    const neighbours = all.filter(({ address }) => addresses.has(address));
    return nameInterfaces(neighbours, await ask(socket, 'getLink', decodeInterface));
  });
}

/** Without those of an interface that is gone. */
function nameInterfaces<T extends { readonly interfaceIndex: number }>(
  numbered: readonly T[],
  interfaces: readonly NumberedInterface[],
): (Omit<T, 'interfaceIndex'> & { readonly interface: string })[] {
  const names = new Map(interfaces.map(({ index, name }) => [index, name]));
  return numbered.flatMap(({ interfaceIndex, ...rest }) => {
    const name = names.get(interfaceIndex);
    return name === undefined ? [] : [{ interface: name, ...rest }];
  });
}

const attempts = 3;

/** Asks again when there were changes meanwhile: an address that was there all the time may be missing. */
async function ask<T>(
  socket: NetlinkSocket,
  name: keyof typeof requests,
  decode: (bytes: DataView, start: number, stop: number) => T | undefined,
): Promise<T[]> {
  for (let attempt = 1; ; attempt++) {
    const found: T[] = [];
    const request: Request = {
      ...requests[name],
      flags: NLM_F_DUMP,
      visit(bytes, start, stop) {
        const one = decode(bytes, start, stop);
        if (one !== undefined) found.push(one);
        return true;
      },
    };
    const { interrupted } = await exchange(socket, request);
    if (!interrupted || attempt === attempts) return found;
  }
}
