import type { Call, Libc } from './libc.ts';

/** Makes system calls. Resolves to the result of each, or to the negative error number. */
export type Caller = <Parameters extends readonly unknown[]>(
  call: Call<Parameters>,
  ...parameters: Parameters
) => Promise<number>;

/** In another thread: the event loop goes on, for the price of two changes of thread. */
export function inThread(libc: Libc): Caller {
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

/**
 * In this thread, for calls that the kernel answers in microseconds. Every 2 ms one is made in another thread, so that the
 * event loop turns, and does not wait for each call of a kernel that is slow.
 */
export function inTurns(libc: Libc): Caller {
  const inOther = inThread(libc);
  let began = performance.now();
  return async (call, ...parameters) => {
    if (performance.now() - began < turnMs) return resultOf(libc, call(...parameters));
    const result = await inOther(call, ...parameters);
    began = performance.now();
    return result;
  };
}

function resultOf(libc: Libc, result: number): number {
  return result < 0 ? -libc.errno() : result;
}
