import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { findFamily, NETLINK_GENERIC } from '../../../src/netlink/generic.ts';
import { askIpvs } from '../../../src/netlink/ipvs/ipvs.ts';
import { encodeServiceName } from '../../../src/netlink/ipvs/service.ts';
import { encodeAttribute, encodeRequest, messageHeader } from '../../../src/netlink/messages.ts';
import { withSocket } from '../../../src/netlink/socket.ts';
import { parseIpVs } from '../../../src/parsers/procfs/ipvs/ip-vs.ts';
import { createAnsweringSocket } from '../../faults/scripted-socket.ts';
import { needs } from '../../needs.ts';
import { recordedMessages, recordedText } from '../ip-vs-messages.ts';

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const { EPERM } = constants.errno;
const genericHeader = 4;
const nlctrl = 16;
const ipvs = 0x21;
/** The commands that ask for something, by the word that the recording has for their answers. */
const commands = { service: 4, dest: 8, daemon: 11, config: 13 } as const;

const int = (value: number) => new Uint8Array(new Int32Array([value]).buffer);
const message = (type: number, payload: Uint8Array) => encodeRequest(type, 0, 1, payload);
const result = (type: number, code = 0) => message(type, int(code));
const generic = (type: number, attributes: Uint8Array) =>
  message(type, Buffer.concat([new Uint8Array(genericHeader), attributes]));
const bytesOf = ({ buffer, byteOffset, byteLength }: DataView) => new Uint8Array(buffer, byteOffset, byteLength);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const family = (name: string, id: number) =>
  generic(
    nlctrl,
    Buffer.concat([encodeAttribute(2, Buffer.from(`${name}\0`)), encodeAttribute(1, new Uint8Array([id, 0]))]),
  );
const families = [family('nlctrl', nlctrl), family('IPVS', ipvs), family('IPVS', ipvs + 1), family('nl80211', 0x22)];

const table = parseIpVs(recordedText('ip_vs')).virtualServers;

/** Those that were recorded, service by service, by the attribute that names the service. */
const recordedDestinations = recordedMessages('dest').map(bytesOf);
const destinations = new Map(
  recordedMessages('service').map((view, index) => [
    hex(encodeServiceName(view, 0, view.byteLength)),
    recordedDestinations.splice(0, table[index]?.realServers.length),
  ]),
);

interface Asked {
  readonly type: number;
  readonly command: number;
}

/** What the recorded kernel answers, and what it was asked. `change` has the last word on the messages of an answer. */
function createKernel(change: (messages: Uint8Array[], asked: Asked) => Uint8Array[] = (messages) => messages) {
  const requests: Asked[] = [];
  const socket = createAnsweringSocket((request) => {
    const type = new DataView(request.buffer, request.byteOffset).getUint16(4, true);
    const asked = { type, command: request[messageHeader] ?? 0 };
    requests.push(asked);
    return [Buffer.concat(change(answer(asked, request.subarray(messageHeader + genericHeader)), asked))];
  });
  return { socket, requests };
}

function answer({ type, command }: Asked, attributes: Uint8Array): Uint8Array[] {
  if (type === nlctrl) return [...families, result(NLMSG_DONE)];
  const [kind = ''] = Object.entries(commands).find(([, number]) => number === command) ?? [];
  const messages = kind === 'dest' ? destinations.get(hex(attributes)) : recordedMessages(kind).map(bytesOf);
  const end = result(kind === 'config' ? NLMSG_ERROR : NLMSG_DONE);
  return [...(messages ?? []).map((one) => generic(ipvs, one)), end];
}

describe('askIpvs()', () => {
  it('reads what the file of the same machine has', async () => {
    const { services } = await askIpvs(createKernel().socket);
    const read = services.map(({ protocol, address, port, fwmark, scheduler, realServers }) => ({
      ...{ protocol, address, port, fwmark, scheduler },
      realServers: realServers.map((real) => ({
        ...{ address: real.address, port: real.port, forward: real.forward, weight: real.weight },
        ...{ activeConnections: real.activeConnections, inactiveConnections: real.inactiveConnections },
      })),
    }));
    expect(read).toEqual(table.map(({ flags: _, ...one }) => one));
  });

  it('reads the timeouts and the synchronisation daemons', async () => {
    expect(await askIpvs(createKernel().socket)).toMatchObject({
      timeouts: { tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 },
      daemons: [{ role: 'master', interface: 'dummy0', syncId: 7 }],
    });
  });

  it('asks for nothing else', async () => {
    const { socket, requests } = createKernel();
    await askIpvs(socket);
    expect(requests).toEqual([
      { type: nlctrl, command: 3 },
      ...[commands.config, commands.daemon, commands.service].map((command) => ({ type: ipvs, command })),
      ...table.map(() => ({ type: ipvs, command: commands.dest })),
    ]);
  });

  it('gives a service that goes away meanwhile without destinations', async () => {
    const { socket } = createKernel((messages, { command }) =>
      command === commands.dest ? [result(NLMSG_DONE)] : messages,
    );
    const { services } = await askIpvs(socket);
    expect(services.map(({ realServers }) => realServers)).toEqual(table.map(() => []));
  });

  it.each<[string, (messages: Uint8Array[], asked: Asked) => Uint8Array[], string]>([
    [
      'IPVS is not loaded',
      (messages, { type }) => (type === nlctrl ? [family('nlctrl', nlctrl), result(NLMSG_DONE)] : messages),
      'ENOENT: no such file or directory, find netlink family IPVS',
    ],
    [
      'the capability is missing',
      (messages, { type }) => (type === ipvs ? [result(NLMSG_ERROR, -EPERM)] : messages),
      'EPERM: operation not permitted, IPVS get config',
    ],
    [
      'the timeouts are only acknowledged',
      (messages, { type }) => (type === ipvs ? messages.slice(-1) : messages),
      'Malformed netlink message at byte 0: an acknowledgement came in place of the answer',
    ],
    [
      'a message is too short',
      (messages, { type }) => (type === ipvs ? [message(ipvs, new Uint8Array(3)), ...messages] : messages),
      'Malformed netlink message at byte 16: a message has no genlmsghdr',
    ],
  ])('rejects where %s', async (_, change, expected) => {
    await expect(askIpvs(createKernel(change).socket)).rejects.toThrow(expected);
  });
});

describe('findFamily()', () => {
  it('finds the families of this kernel', needs('Linux'), async () => {
    const find = (name: string) => withSocket(NETLINK_GENERIC, undefined, (socket) => findFamily(socket, name, 2));
    expect(await find('nlctrl')).toEqual({ id: nlctrl, name: 'nlctrl', version: 2 });
    await expect(find('NONE')).rejects.toMatchObject({ code: 'ENOENT', syscall: 'find netlink family NONE' });
  });
});
