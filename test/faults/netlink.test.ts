import { constants } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exchange } from '../../src/netlink/exchange.ts';
import { align, encodeRequest, NLM_F_DUMP, NLM_F_DUMP_INTR } from '../../src/netlink/messages.ts';
import { systemError } from '../../src/netlink/system-error.ts';
import { createScriptedSocket, type Delivery } from './scripted-socket.ts';

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const { ENOBUFS } = constants.errno;
const data = 0x100;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const message = (type: number, payload: readonly number[], flags = 0) =>
  encodeRequest(type, flags, 1, new Uint8Array(new Int32Array(payload).buffer));
const answer = Buffer.concat([message(data, [7]), message(data, [8, 9])]);
const done = message(NLMSG_DONE, [0]);

/** What a request comes to when these are the deliveries, each of which takes so many milliseconds. */
async function ask(deliveries: Iterable<Delivery>, milliseconds = 0) {
  const script = deliveries[Symbol.iterator]();
  const socket = createScriptedSocket(() => {
    vi.advanceTimersByTime(milliseconds);
    return script.next().value;
  });
  const lengths: number[] = [];
  const visit = (_bytes: DataView, start: number, stop: number) => lengths.push(stop - start) > 0;
  const request = {
    operation: 'ask',
    type: data,
    answerType: data,
    flags: NLM_F_DUMP,
    payload: new Uint8Array(),
    visit,
  };
  return { result: await exchange(socket, request), lengths };
}

function* forEver(datagram: Uint8Array): Generator<Delivery> {
  for (;;) yield [datagram, datagram, datagram, datagram];
}

describe('exchange()', () => {
  it('reads a whole answer', async () => {
    expect(await ask([[answer, done]])).toEqual({ result: { complete: true, interrupted: false }, lengths: [4, 8] });
  });

  const boundaries = [0, align(message(data, [7]).length), answer.length];
  it.each(
    Array.from({ length: answer.length }, (_, length) => length).filter((length) => !boundaries.includes(length)),
  )('refuses an answer that was cut off after %i bytes', async (length) => {
    await expect(ask([[answer.subarray(0, length)]])).rejects.toThrow(/^Malformed netlink message at byte /);
  });

  it.each(boundaries)('gives up an answer that stops after %i bytes', async (length) => {
    await expect(ask([[answer.subarray(0, length)]], 1500)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it.each<[string, Delivery[]]>([
    ['the kernel answers', [[answer, message(NLMSG_ERROR, [-ENOBUFS])]]],
    ['the kernel ends the answer', [[answer], [message(NLMSG_DONE, [-ENOBUFS])]]],
    ['the socket overruns', [[answer, answer, answer, answer], systemError('recvmmsg', ENOBUFS)]],
  ])('gives ENOBUFS when it is what %s with', async (_how, deliveries) => {
    await expect(ask(deliveries)).rejects.toMatchObject({ code: 'ENOBUFS' });
  });

  it('reports that what was asked for changed meanwhile', async () => {
    const interrupted = message(data, [7], NLM_F_DUMP_INTR);
    expect(await ask([[interrupted, answer], [done]])).toEqual({
      result: { complete: true, interrupted: true },
      lengths: [4, 4, 8],
    });
  });

  it.each([
    ['an answer', answer],
    ['an interrupted answer', message(data, [7], NLM_F_DUMP_INTR)],
    ['an answer of nothing', new Uint8Array()],
  ])('gives up %s that never ends', async (_what, datagram) => {
    await expect(ask(forEver(datagram), 1000)).rejects.toThrow('connection timed out, ask: the answer does not end');
  });
});
