import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFlow, type Flow } from '../../../src/identity/flow.ts';
import { decodeFlow } from '../../../src/netlink/conntrack/flow-message.ts';
import { encodeAttribute } from '../../../src/netlink/messages.ts';
import { parseNfConntrackLine } from '../../../src/parsers/procfs/conntrack/nf-conntrack.ts';
import { describeFlow } from '../describe-flow.ts';

/** A recording: the same flows, in the same order, as ctnetlink and /proc report them. */
function read(recording: string): { readonly messages: readonly Buffer[]; readonly lines: readonly string[] } {
  const directory = new URL(`../../fixtures/nf_conntrack/${recording}/`, import.meta.url);
  const lines = (name: string) => readFileSync(new URL(name, directory), 'utf8').trimEnd().split('\n');
  const [, ...messages] = lines('ctnetlink.hex');
  return { messages: messages.map((message) => Buffer.from(message, 'hex')), lines: lines('proc') };
}

const { messages } = read('6.18');

function decode(message: Uint8Array, flow = createFlow(), now = () => 0): Flow {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  decodeFlow(view, 0, message.length, flow, now);
  return flow;
}

function parse(line: string): Flow {
  const flow = createFlow();
  parseNfConntrackLine(line, 1, flow);
  return flow;
}

const one = (value: number) => new Uint8Array([value]);
const uint32 = (value: number) => new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
const nest = (type: number, ...attributes: Uint8Array[]) => encodeAttribute(0x8000 | type, Buffer.concat(attributes));

/** A message made by hand, for what this kernel does not make: nfgenmsg, CTA_TUPLE_ORIG and more. */
function compose(protocol: number, ...more: Uint8Array[]): Uint8Array {
  const addresses = nest(1, encodeAttribute(1, uint32(0x0a000001)), encodeAttribute(2, uint32(0x0a000002)));
  return Buffer.concat([new Uint8Array(4), nest(1, addresses, nest(2, encodeAttribute(1, one(protocol)))), ...more]);
}

const status = (bits: number) => encodeAttribute(3, uint32(bits));

describe('decodeFlow()', () => {
  it('reads every kind of flow', () => {
    expect(messages.map((message) => describeFlow(decode(message))).sort()).toEqual([
      'ipv4 89 10.0.0.1 0 > 10.0.0.2 0, unreplied, zone 0 0, mark 0, packets 0 0',
      'ipv4 dccp 10.0.0.1 0 > 10.0.0.2 0, unreplied, zone 0 0, mark 0, packets 0 0',
      'ipv4 gre 10.0.0.1 1 > 10.0.0.2 32, unreplied, zone 0 0, mark 0, packets 0 0',
      'ipv4 icmp 10.0.0.1 0 > 10.0.0.2 0, icmp 8 0 77, unreplied, zone 0 0, mark 0, packets 0 0',
      'ipv4 sctp 10.0.0.1 1000 > 10.0.0.2 3868, COOKIE_ECHOED, unreplied, zone 0 0, mark 0, packets 0 0',
      'ipv4 tcp 10.0.0.1 1000 > 10.0.0.2 80, SYN_SENT, unreplied, zone 0 0, mark 0, packets 0 0',
      'ipv4 tcp 10.0.0.1 1001 > 10.0.0.2 80, ESTABLISHED, replied, assured, zone 0 0, mark 4294967295, packets 0 0',
      'ipv4 tcp 10.0.0.1 1002 > 10.0.0.2 80, CLOSE, replied, zone 0 0, mark 0, packets 0 0',
      'ipv4 udp 10.0.0.1 1000 > 10.0.0.2 53, replied, zone 12 12, mark 0, packets 0 0',
      'ipv4 udp 10.0.0.1 1000 > 10.0.0.2 53, unreplied, zone 13 0, mark 0, packets 0 0',
      'ipv4 udp 10.0.0.1 1001 > 10.0.0.2 53, unreplied, zone 0 65535, mark 0, packets 0 0',
      'ipv4 udp 127.0.0.1 40000 > 127.0.0.1 5000, unreplied, zone 0 0, mark 0, packets 1 0',
      'ipv4 udp 127.0.0.1 40000 > 127.0.0.1 5001, unreplied, zone 5001 5001, mark 0, packets 1 0',
      'ipv4 udp 127.0.0.1 40000 > 127.0.0.1 5002, unreplied, zone 5002 0, mark 0, packets 1 0',
      'ipv4 udp 127.0.0.1 40000 > 127.0.0.1 5003, unreplied, zone 0 5003, mark 0, packets 1 0',
      'ipv4 udplite 10.0.0.1 1000 > 10.0.0.2 53, unreplied, zone 0 0, mark 0, packets 0 0',
      'ipv6 icmpv6 fd00::1 0 > fd00::2:0:0:3 0, icmp 128 0 78, unreplied, zone 0 0, mark 0, packets 0 0',
      'ipv6 tcp fd00::1 1000 > fd00::2:0:0:3 443, TIME_WAIT, replied, assured, zone 0 0, mark 0, packets 0 0',
      'ipv6 udp ::1 40000 > ::1 5000, unreplied, zone 0 0, mark 0, packets 1 0',
    ]);
  });

  it('reads DCCP, of a kernel that has it', () => {
    const flows = read('6.1').messages.map((message) => decode(message));
    expect(flows.map(describeFlow)).toContain(
      'ipv4 dccp 10.0.0.1 1000 > 10.0.0.2 5000, OPEN, unreplied, zone 0 0, mark 0, packets 0 0',
    );
    expect(flows.every(({ ageSeconds }) => ageSeconds === undefined)).toBe(true);
  });

  it('reads offloaded flows, which have neither timeout nor state', () => {
    const flows = read('6.1-offload').messages.map((message) => decode(message));
    expect(flows.map(describeFlow)).toEqual([
      'ipv4 tcp 10.9.0.1 43594 > 10.9.0.2 80, replied, assured, offloaded, zone 0 0, mark 0, packets 28 15',
      'ipv4 udp 10.9.0.1 60002 > 10.9.0.2 53, replied, assured, offloaded, zone 0 0, mark 0, packets 13 13',
    ]);
    expect(flows.every(({ remainingSeconds }) => remainingSeconds === undefined)).toBe(true);
  });

  it.each(['6.18', '6.1', '6.1-offload'])('reads what /proc shows of the same flows: %s', (recording) => {
    const { messages, lines } = read(recording);
    expect(messages.map((message) => describeFlow(decode(message)))).toEqual(
      lines.map((line) => describeFlow(parse(line))),
    );
  });

  it('leaves nothing of the flow before', () => {
    const reused = createFlow();
    const least = compose(6);
    for (const message of [...messages, ...messages.toReversed()]) {
      expect(decode(message, reused)).toEqual(decode(message));
      expect(decode(least, reused)).toEqual(decode(least));
    }
  });

  it('reads the clocks of a flow', () => {
    const started = new Uint8Array(8);
    new DataView(started.buffer).setBigUint64(0, 1_700_000_000_500_000_000n);
    const message = compose(6, nest(20, encodeAttribute(1, started)), encodeAttribute(7, uint32(86_399)));
    const at = (seconds: number) => decode(message, createFlow(), () => seconds);
    expect(at(1_700_000_005)).toMatchObject({ remainingSeconds: 86_399, ageSeconds: 4.5 });
    expect(at(1_600_000_000)).toMatchObject({ ageSeconds: 0 });
  });

  it('takes a flow in hardware for offloaded', () => {
    expect(decode(compose(6, status(1 << 15)))).toMatchObject({ offloaded: true });
  });

  it.each([
    [6, 1, 9, 'SYN_SENT2'],
    [6, 1, 10, '10'],
    [33, 2, 4, 'OPEN'],
    [132, 3, 7, 'SHUTDOWN_ACK_SENT'],
    [17, 1, 3, ''],
  ])('names the state of protocol %i in CTA_PROTOINFO attribute %i: %i is %j', (protocol, type, state, name) => {
    const scale = encodeAttribute(2, one(7));
    const info = nest(4, nest(type, scale, encodeAttribute(1, one(state))));
    expect(decode(compose(protocol, info, status(8)))).toMatchObject({ protocol, state: name });
  });

  it('skips unknown attributes', () => {
    const [message] = messages;
    const longer = Buffer.concat([message ?? new Uint8Array(), encodeAttribute(0x3fff, uint32(1)), nest(99)]);
    expect(decode(longer)).toEqual(decode(message ?? new Uint8Array()));
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['nfgenmsg alone', new Uint8Array(4)],
    ['no original direction', Buffer.concat([new Uint8Array(4), status(8)])],
    ['a direction without addresses', Buffer.concat([new Uint8Array(4), nest(1, nest(2, encodeAttribute(1, one(6))))])],
    [
      'a direction without a protocol',
      Buffer.concat([new Uint8Array(4), nest(1, nest(1, encodeAttribute(1, uint32(1))))]),
    ],
    ['two directions', Buffer.concat([compose(6), compose(6).subarray(4)])],
    [
      'addresses of two families',
      Buffer.concat([
        new Uint8Array(4),
        nest(
          1,
          nest(1, encodeAttribute(1, uint32(1)), encodeAttribute(4, new Uint8Array(16))),
          nest(2, encodeAttribute(1, one(6))),
        ),
      ]),
    ],
    ['a short number', compose(6, encodeAttribute(3, one(1)))],
    [
      'attributes nested in themselves',
      Buffer.concat([new Uint8Array(4), ...Array.from({ length: 9 }, () => new Uint8Array([4, 0, 1, 0]))]),
    ],
  ])('refuses %s', (_what, message) => {
    expect(() => decode(message)).toThrow(/^Malformed netlink message at byte \d+: /);
  });

  it('decodes or refuses whatever the bytes are', () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(...messages),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
        fc.option(fc.nat(400)),
      )
      .map(([message, changes, cut]) => {
        const copy = Uint8Array.from(message.subarray(0, cut ?? message.length));
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), (message) => {
        try {
          expect(describeFlow(decode(message))).not.toContain('NaN');
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          expect(error).toHaveProperty('message', expect.stringMatching(/^Malformed netlink message at byte \d+: /));
        }
      }),
      { numRuns: 5000 },
    );
  });
});
