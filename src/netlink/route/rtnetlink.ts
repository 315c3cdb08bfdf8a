/**
 * Reads the addresses of the network interfaces over rtnetlink, which anyone may. Nothing here changes anything.
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
  type NumberedAddress,
} from './address-message.ts';

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
} as const;

export interface AddressOptions {
  /** A file that stands for the network namespace to read: `/run/netns/director`. Without it, this process's own. */
  readonly namespace?: string | undefined;
}

export function readAddresses({ namespace }: AddressOptions = {}): Promise<InterfaceAddress[]> {
  return withSocket(NETLINK_ROUTE, namespace, async (socket) => {
    // The interfaces come after their addresses, so that one which is new in between is known.
    const addresses = await ask(socket, 'getAddress', decodeInterfaceAddress);
    const interfaces = await ask(socket, 'getLink', decodeInterface);
    const names = new Map(interfaces.map(({ index, name }) => [index, name]));
    return addresses.flatMap((one) => nameInterface(one, names));
  });
}

/** Without those of an interface that is gone. */
function nameInterface(
  { interfaceIndex, address }: NumberedAddress,
  names: ReadonlyMap<number, string>,
): InterfaceAddress[] {
  const name = names.get(interfaceIndex);
  return name === undefined ? [] : [{ interface: name, address }];
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
