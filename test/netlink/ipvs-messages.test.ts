import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFamilyId } from '../../src/netlink/generic.ts';
import { decodeDestination } from '../../src/netlink/ipvs/destination.ts';
import { decodeService, encodeServiceName } from '../../src/netlink/ipvs/service.ts';
import { decodeDaemon, decodeTimeouts } from '../../src/netlink/ipvs/setup.ts';
import { encodeAttribute } from '../../src/netlink/messages.ts';
import { damagedMessages } from './damaged-messages.ts';
import { recordedMessages, viewOf } from './ip-vs-messages.ts';

const decode = <T>(view: DataView, read: (bytes: DataView, start: number, stop: number) => T): T =>
  read(view, 0, view.byteLength);
const destinationOf = (bytes: DataView, start: number, stop: number) => decodeDestination(bytes, start, stop, 'ipv4');

const none = { connections: 0, incomingPackets: 0, outgoingPackets: 0, incomingBytes: 0, outgoingBytes: 0 };
const three = (incomingBytes: number) => ({ ...none, connections: 3, incomingPackets: 3, incomingBytes });

const numbers = (...values: readonly number[]) => new Uint8Array(new Uint32Array(values).buffer);
const nest = (type: number, ...inside: readonly Uint8Array[]) => encodeAttribute(type, Buffer.concat(inside));
const short = (type: number, value: number) => encodeAttribute(type, new Uint8Array([value & 255, value >> 8]));
const long = (type: number, value: bigint) => encodeAttribute(type, new Uint8Array(new BigUint64Array([value]).buffer));

/** A service as a kernel might send it, with the given counters. */
function service(...stats: readonly Uint8Array[]): DataView {
  const attributes = [
    ...[short(1, 2), encodeAttribute(5, numbers(7)), encodeAttribute(6, Buffer.from('rr\0'))],
    ...[encodeAttribute(7, numbers(2, 0xffffffff)), encodeAttribute(8, numbers(0)), encodeAttribute(9, numbers(0))],
    ...stats,
  ];
  return viewOf(nest(1, ...attributes));
}

describe('decodeService()', () => {
  it('reads services of every kind as Linux 6.1 sends them', () => {
    const ordinary = { family: 'ipv4', address: '10.0.0.101', fwmark: '', netmask: '255.255.255.255' };
    const tcp = { ...ordinary, protocol: 'tcp', flags: 2 };
    const mark = { protocol: '', address: '', port: '', fwmark: '100', traffic: none };
    const v6 = { family: 'ipv6', address: 'fd00:10::101', fwmark: '' };
    expect(recordedMessages('service').map((view) => decode(view, decodeService))).toEqual([
      { ...ordinary, protocol: 'sctp', port: '3868', scheduler: 'rr', flags: 2, traffic: none },
      { ...tcp, port: '8080', scheduler: 'wlc', traffic: three(180) },
      { ...tcp, port: '443', scheduler: 'sh', flags: 0x1b, persistenceSeconds: 300, traffic: three(180) },
      { ...tcp, port: '8443', scheduler: 'lc', traffic: none },
      { ...tcp, port: '25', scheduler: 'rr', traffic: none },
      { ...ordinary, protocol: 'udp', port: '53', scheduler: 'rr', flags: 6, traffic: three(87) },
      { ...v6, protocol: 'tcp', port: '80', scheduler: 'mh', flags: 0x1a, netmask: '128', traffic: three(240) },
      { ...tcp, port: '80', scheduler: 'wrr', traffic: three(180) },
      {
        ...{ ...v6, protocol: 'udp', port: '53', scheduler: 'rr', flags: 3, netmask: '64', traffic: three(147) },
        persistenceSeconds: 60,
      },
      { ...mark, family: 'ipv6', scheduler: 'rr', flags: 2, netmask: '128' },
      { ...mark, family: 'ipv4', scheduler: 'wlc', flags: 3, netmask: '255.255.255.0', persistenceSeconds: 600 },
    ]);
  });

  it('reads counters of 64 bits', () => {
    const values = [2n ** 32n, 2n ** 32n + 5n, 2n ** 53n - 1n, 2n ** 53n + 3n, 2n ** 64n - 1n];
    const view = service(nest(12, ...values.map((value, index) => long(index + 1, value))));
    expect(Object.values(decode(view, decodeService).traffic)).toEqual([
      ...[2 ** 32, 2 ** 32 + 5, 2 ** 53 - 1, 2 ** 53 + 4, 2 ** 64],
    ]);
  });

  it('takes STATS64 rather than STATS, whose numbers wrap, and STATS where there is nothing else', () => {
    const wide = nest(12, ...[1, 2, 3, 4, 5].map((type) => long(type, 2n ** 32n + BigInt(type))));
    const narrow = nest(
      10,
      ...[1, 2, 3].map((type) => encodeAttribute(type, numbers(type))),
      ...[4, 5].map((type) => long(type, 2n ** 33n)),
    );
    expect(decode(service(narrow, wide), decodeService).traffic.connections).toBe(2 ** 32 + 1);
    expect(Object.values(decode(service(narrow), decodeService).traffic)).toEqual([1, 2, 3, 2 ** 33, 2 ** 33]);
  });

  it('refuses a service without counters, one of an unknown family, and a number that is cut off', () => {
    const refused = (view: DataView) => () => decode(view, decodeService);
    expect(refused(service())).toThrow(/^Malformed netlink message at byte \d+: attribute 10 is missing$/);
    expect(refused(viewOf(nest(1, short(1, 77))))).toThrow(/: an address has family 77$/);
    expect(refused(viewOf(nest(1, encodeAttribute(1, new Uint8Array([2])))))).toThrow(
      /: an attribute holds 1 bytes, not 2$/,
    );
    expect(refused(viewOf(new Uint8Array()))).toThrow(/: attribute 1 is missing$/);
  });
});

describe('encodeServiceName()', () => {
  it('repeats what identifies the service and nothing else', () => {
    const [sctp] = recordedMessages('service');
    if (!sctp) throw new Error('No service recorded');
    const name = Buffer.from(decode(sctp, encodeServiceName)).toString('hex');
    const address = '140003000a000065000000000000000000000000';
    expect(name).toBe(`3000010006000100020000000600020084000000${address}060004000f1c0000`);
  });
});

describe('decodeDestination()', () => {
  it('reads destinations of every kind as Linux 6.1 sends them', () => {
    const all = recordedMessages('dest').map((view) => decode(view, destinationOf));
    expect(all.map(({ address, port, forward, weight }) => [address, port, forward, weight].join(' '))).toEqual([
      ...['10.0.0.11 3868 direct 1', '10.0.0.12 80 masquerade 1', '10.0.0.11 80 masquerade 2'],
      ...['10.0.0.12 443 direct 0', '10.0.0.11 443 direct 1', '10.0.0.11 8443 tunnel 65535', '10.0.0.11 53 tunnel 1'],
      ...['fd00:10::12 80 direct 1', 'fd00:10::11 80 direct 1', '10.0.0.12 80 direct 1', '10.0.0.11 80 direct 3'],
      ...['fd00:10::12 53 masquerade 1', 'fd00:10::11 0 direct 1', '10.0.0.11 0 direct 1'],
    ]);
    expect(all[2]).toEqual({
      ...{ family: 'ipv4', address: '10.0.0.11', port: '80', forward: 'masquerade', weight: 2 },
      ...{ upperThreshold: 1000, lowerThreshold: 500 },
      ...{ activeConnections: 2, inactiveConnections: 0, persistentConnections: 0 },
      tunnel: { type: 'ipip', port: '0' },
      traffic: { ...none, connections: 2, incomingPackets: 2, incomingBytes: 120 },
    });
    expect(all[6]?.tunnel).toEqual({ type: 'gue', port: '6080' });
    expect(all[11]).toMatchObject({ family: 'ipv6', inactiveConnections: 3, persistentConnections: 1 });
  });

  it('takes the family of the service before Linux 3.18, which does not send one', () => {
    const [message] = recordedMessages('dest');
    if (!message) throw new Error('No destination recorded');
    const bytes = Buffer.from(new Uint8Array(message.buffer, message.byteOffset, message.byteLength));
    // IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET: its type becomes one that is not known.
    bytes.writeUInt16LE(0x3ff, bytes.indexOf(Buffer.from('06000b0002000000', 'hex')) + 2);
    expect(decodeDestination(viewOf(bytes), 0, bytes.length, 'ipv4').address).toBe('10.0.0.11');
    expect(decodeDestination(viewOf(bytes), 0, bytes.length, 'ipv6').address).toBe('a00:b::');
  });
});

describe('decodeTimeouts() and decodeDaemon()', () => {
  it('read what Linux 6.1 sends', () => {
    expect(recordedMessages('config').map((view) => decode(view, decodeTimeouts))).toEqual([
      { tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 },
    ]);
    expect(recordedMessages('daemon').map((view) => decode(view, decodeDaemon))).toEqual([
      { role: 'master', interface: 'dummy0', syncId: 7 },
    ]);
  });
});

describe('every decoder', () => {
  const decoders: ((bytes: DataView, start: number, stop: number) => unknown)[] = [
    decodeService,
    encodeServiceName,
    destinationOf,
    decodeTimeouts,
    decodeDaemon,
  ];
  const real = ['service', 'dest', 'config', 'daemon'].flatMap(recordedMessages);
  const family = (bytes: DataView, start: number, stop: number) => decodeFamilyId(bytes, start, stop, 'IPVS');

  it('reads a hostile message or refuses it with one error', () => {
    const bytes = damagedMessages(real, 200);
    fc.assert(
      fc.property(bytes, fc.constantFrom(...decoders, family), (message, read) => {
        try {
          decode(viewOf(message), read);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          expect(error).toHaveProperty('message', expect.stringMatching(/^Malformed netlink message at byte \d+: .+$/));
        }
      }),
      { numRuns: 5000 },
    );
  });
});
