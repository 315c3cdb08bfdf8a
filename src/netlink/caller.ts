import { setImmediate } from 'node:timers/promises';
import type { Call, Libc } from './libc.ts';

type Errors = Pick<Libc, 'errno'>;

/** Makes system calls. Resolves to the result of each, or to the negative error number. */
export type Caller = <Parameters extends readonly unknown[]>(
  call: Call<Parameters>,
  ...parameters: Parameters
) => Promise<number>;

/** In another thread: the event loop goes on, for the price of two changes of thread. */
export function inThread(libc: Errors): Caller {
  return (call, ...parameters) =>
    new Promise((resolve, reject) => {
      call.async(...parameters, (error: unknown, result: number) => {
        if (error) reject(error);
        else resolve(resultOf(libc, result));
      });
    });
}

/** How long the event loop is held at a time: as many calls as fit. */
const turnMs = 2;

/** A call that takes longer was made to a slow kernel, or this thread had to wait for a processor. */
const slowMs = 10;

/**
 * In this thread, for calls that the kernel answers in microseconds: a change of thread takes as long as several of them,
 * and milliseconds where processors are busy. The event loop turns every 2 ms. After a slow call the next one is made in
 * another thread.
 */
export function inTurns(libc: Errors, now = () => performance.now()): Caller {
  const inOther = inThread(libc);
  let began = now();
  let isSlow = false;
  return async (call, ...parameters) => {
    if (now() - began >= turnMs) {
      await setImmediate();
      began = now();
    }
    const before = now();
    const result = isSlow ? await inOther(call, ...parameters) : resultOf(libc, call(...parameters));
    isSlow = now() - before >= slowMs;
    return result;
  };
}

function resultOf(libc: Errors, result: number): number {
  return result < 0 ? -libc.errno() : result;
}
