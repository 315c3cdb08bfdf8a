import { createInboxes } from '../../src/netlink/inboxes.ts';
import type { Inbox } from '../../src/netlink/libc.ts';
import { datagramRoom, type NetlinkSocket } from '../../src/netlink/socket.ts';

/** What a socket gives for one request to receive: datagrams, none yet, or the error of the system call. */
export type Delivery = readonly Uint8Array[] | Error;

/** A netlink socket that gives one delivery after the other, and nothing when there are no more. */
export function createScriptedSocket(deliver: () => Delivery | undefined): NetlinkSocket {
  return {
    inboxes: createInboxes(createInbox),
    send: async () => {},
    async receive(inbox) {
      const delivery = deliver() ?? [];
      if (delivery instanceof Error) throw delivery;
      for (const [index, datagram] of delivery.entries()) {
        new Uint8Array(inbox.bytes.buffer).set(datagram, index * datagramRoom);
        inbox.headers.setUint32(index * 4, datagram.length);
      }
      return delivery.length;
    },
  };
}

/** A netlink socket that gives one delivery for each request, and then nothing until the next. */
export function createAnsweringSocket(answer: (request: Uint8Array) => Delivery): NetlinkSocket {
  let pending: Delivery | undefined;
  const socket = createScriptedSocket(() => {
    const delivery = pending;
    pending = undefined;
    return delivery;
  });
  return {
    ...socket,
    async send(request) {
      pending = answer(request);
    },
  };
}

/** As that of the C library, but that its headers hold lengths alone. */
function createInbox(datagrams: number): Inbox {
  const headers = new DataView(new ArrayBuffer(datagrams * 4));
  return {
    datagrams,
    bytes: new DataView(new ArrayBuffer(datagrams * datagramRoom)),
    headers,
    vectors: new DataView(new ArrayBuffer(0)),
    length: (index) => headers.getUint32(index * 4),
    flags: () => 0,
  };
}
