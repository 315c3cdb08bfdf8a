import { readFileSync } from 'node:fs';
import { createFlow } from '../../src/identity/flow.ts';
import { readDatagram } from '../../src/netlink/answer.ts';
import { decodeFlow } from '../../src/netlink/conntrack/flow-message.ts';
import { decodeCpuStatistics, decodeTableSize } from '../../src/netlink/conntrack/statistics.ts';
import { readCounters, readDriver } from '../../src/netlink/ethtool/statistics.ts';
import { decodeFamilyId } from '../../src/netlink/generic.ts';
import { decodeDestination } from '../../src/netlink/ipvs/destination.ts';
import { decodeService, encodeServiceName } from '../../src/netlink/ipvs/service.ts';
import { decodeDaemon, decodeTimeouts } from '../../src/netlink/ipvs/setup.ts';
import { encodeRequest } from '../../src/netlink/messages.ts';
import { decodeInterface, decodeInterfaceAddress } from '../../src/netlink/route/address-message.ts';
import { decodeNeighbour } from '../../src/netlink/route/neighbour-message.ts';

/** A reader of what the kernel sends, and messages that it reads. */
export interface ByteTarget {
  readonly name: string;
  readonly real: readonly Uint8Array[];
  readonly read: (bytes: DataView, start: number, stop: number) => unknown;
}

const hex = (path: string) =>
  readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
const messages = (path: string, kind: string) =>
  hex(path)
    .filter((line) => line.startsWith(`${kind} `))
    .map((line) => Buffer.from(line.slice(kind.length + 1), 'hex'));

const ipvs = (kind: string) => messages('ip_vs/netlink.hex', kind);
const flows = hex('nf_conntrack/6.18/ctnetlink.hex')
  .slice(1)
  .map((line) => Buffer.from(line, 'hex'));
const flow = createFlow();

/** The program asks with room for the answer, and the kernel fills it: numbers and names in it are odd, its length is not. */
function padded(bytes: DataView): DataView {
  const room = new Uint8Array(2 ** 16);
  room.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const view = new DataView(room.buffer);
  for (const at of [4, 8]) view.setUint32(at, view.getUint32(at, true) % 1000, true);
  return view;
}

/** A datagram of several messages and the last word. */
const datagrams = [
  Buffer.concat([
    ...flows.slice(0, 3).map((one) => encodeRequest(256, 2, 1, one)),
    encodeRequest(3, 2, 1, new Uint8Array(4)),
  ]),
  Buffer.from(encodeRequest(2, 0x100, 1, new Uint8Array([255, 255, 255, 255, ...new Uint8Array(16)]))),
];
const readAll = (bytes: DataView, start: number, stop: number) =>
  readDatagram(bytes, start, stop, { operation: 'x', sequence: 1, type: 256, visit: () => true, interrupted: false });

export const byteTargets: readonly ByteTarget[] = [
  { name: 'a datagram', real: datagrams, read: readAll },
  { name: 'a flow', real: flows, read: (bytes, start, stop) => decodeFlow(bytes, start, stop, flow, () => 0) },
  { name: 'counters of connection tracking', real: flows, read: decodeCpuStatistics },
  { name: 'the size of the table', real: flows, read: decodeTableSize },
  { name: 'a service', real: ipvs('service'), read: decodeService },
  { name: 'the name of a service', real: ipvs('service'), read: encodeServiceName },
  {
    name: 'a real server',
    real: ipvs('dest'),
    read: (bytes, start, stop) => decodeDestination(bytes, start, stop, 'ipv4'),
  },
  { name: 'timeouts of IPVS', real: ipvs('config'), read: decodeTimeouts },
  { name: 'a daemon of IPVS', real: ipvs('daemon'), read: decodeDaemon },
  {
    name: 'a generic family',
    real: ipvs('service'),
    read: (bytes, start, stop) => decodeFamilyId(bytes, start, stop, 'IPVS'),
  },
  { name: 'an address', real: messages('addresses/netlink.hex', 'address'), read: decodeInterfaceAddress },
  { name: 'a neighbour', real: messages('addresses/neighbours.hex', 'neighbour'), read: decodeNeighbour },
  { name: 'an interface', real: messages('addresses/netlink.hex', 'link'), read: decodeInterface },
  { name: 'counters of a driver', real: flows, read: (bytes) => readCounters(padded(bytes), padded(bytes)) },
  { name: 'the name of a driver', real: flows, read: (bytes) => readDriver(padded(bytes)) },
];
