import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, readDatagram } from '../../src/netlink/answer.ts';
import { encodeAttribute, encodeRequest } from '../../src/netlink/messages.ts';

const NLMSG_NOOP = 1;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLMSG_OVERRUN = 4;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const data = 0x100;

const message = (type: number, payload: Uint8Array, flags = 0, sequence = 9) =>
  encodeRequest(type, flags, sequence, payload);
const number = (value: number) => new Uint8Array(new Int32Array([value]).buffer);
const request = encodeRequest(0x101, 0x300, 9, new Uint8Array([2, 0, 0, 0]));
const sentence = encodeAttribute(1, Buffer.from('Not today\0'));
const offset = encodeAttribute(2, number(20));

function read(messages: readonly Uint8Array[], limit = Number.POSITIVE_INFINITY) {
  const datagram = Buffer.concat(messages);
  const seen: string[] = [];
  const answer: Answer = {
    operation: 'ctnetlink get',
    sequence: 9,
    type: data,
    interrupted: false,
    visit(bytes, start, stop) {
      seen.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, stop - start).toString('hex'));
      return seen.length < limit;
    },
  };
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  return { outcome: readDatagram(view, 0, datagram.length, answer), seen, interrupted: answer.interrupted };
}

describe('readDatagram()', () => {
  it('hands over the messages of a datagram and waits for the next', () => {
    const messages = [
      message(data, new Uint8Array([1])),
      message(NLMSG_NOOP, new Uint8Array()),
      message(data, number(2)),
    ];
    // The first is padded to four bytes.
    expect(read([messages[0] ?? request, new Uint8Array(3), ...messages.slice(1)])).toEqual({
      outcome: 'open',
      seen: ['01', '02000000'],
      interrupted: false,
    });
  });

  it('ends at NLMSG_DONE', () => {
    const messages = [message(data, number(1)), message(NLMSG_DONE, number(0))];
    expect(read(messages)).toMatchObject({ outcome: 'complete', seen: ['01000000'] });
  });

  it('ends at an acknowledgement', () => {
    const acknowledgement = message(NLMSG_ERROR, Buffer.concat([number(0), request.subarray(0, 16)]), NLM_F_CAPPED);
    expect(read([acknowledgement])).toMatchObject({ outcome: 'complete', seen: [] });
  });

  it('stops when the visitor has enough', () => {
    const messages = [1, 2, 3].map((value) => message(data, number(value)));
    expect(read(messages, 2)).toMatchObject({ outcome: 'stopped', seen: ['01000000', '02000000'] });
  });

  it.each([
    ['a message', [message(data, number(1), NLM_F_DUMP_INTR), message(NLMSG_DONE, number(0))]],
    ['the last word', [message(data, number(1)), message(NLMSG_DONE, number(0), NLM_F_DUMP_INTR)]],
  ])('notices NLM_F_DUMP_INTR in %s', (_where, messages) => {
    expect(read(messages)).toEqual({ outcome: 'complete', seen: ['01000000'], interrupted: true });
  });

  it.each([
    [
      'NLMSG_ERROR',
      message(NLMSG_ERROR, Buffer.concat([number(-1), request])),
      'EPERM: operation not permitted, ctnetlink get',
    ],
    [
      'NLMSG_ERROR with a sentence after the request',
      message(NLMSG_ERROR, Buffer.concat([number(-22), request, offset, sentence]), NLM_F_ACK_TLVS),
      'EINVAL: invalid argument, ctnetlink get: Not today',
    ],
    [
      'NLMSG_ERROR with a sentence after the header of the request',
      message(
        NLMSG_ERROR,
        Buffer.concat([number(-22), request.subarray(0, 16), sentence]),
        NLM_F_ACK_TLVS | NLM_F_CAPPED,
      ),
      'EINVAL: invalid argument, ctnetlink get: Not today',
    ],
    [
      'NLMSG_ERROR without a sentence among its attributes',
      message(NLMSG_ERROR, Buffer.concat([number(-22), request, offset]), NLM_F_ACK_TLVS),
      'EINVAL: invalid argument, ctnetlink get',
    ],
    [
      'NLMSG_DONE',
      message(NLMSG_DONE, Buffer.concat([number(-12), sentence]), NLM_F_ACK_TLVS),
      'ENOMEM: not enough memory, ctnetlink get: Not today',
    ],
    ['an error that has no name here', message(NLMSG_DONE, number(-524)), 'E524: unknown error, ctnetlink get'],
  ])('throws the system error of %s', (_what, last, text) => {
    const [code] = text.split(':', 1);
    expect(() => read([last])).toThrow(expect.objectContaining({ message: text, code, syscall: 'ctnetlink get' }));
  });

  it.each([
    ['another request', message(data, number(1), 0, 8), 'it answers another request'],
    ['another kind', message(0x101, number(1)), 'a message has type 257'],
    ['NLMSG_OVERRUN', message(NLMSG_OVERRUN, number(1)), 'a message has type 4'],
    ['NLMSG_DONE without a result', message(NLMSG_DONE, new Uint8Array(3)), 'a result has no number'],
  ])('refuses %s', (_what, wrong, problem) => {
    expect(() => read([wrong])).toThrow(`Malformed netlink message at byte 0: ${problem}`);
  });

  it('comes to an end whatever the bytes are', () => {
    const real = [
      message(data, number(1)),
      message(NLMSG_ERROR, Buffer.concat([number(-1), request, sentence]), 0x200),
    ];
    const bytes = Buffer.concat(real);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    const damaged = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (datagram) => {
        try {
          read([datagram]);
        } catch (error) {
          expect(error).toSatisfy((thrown) => thrown instanceof SyntaxError || Object.hasOwn(Object(thrown), 'errno'));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
