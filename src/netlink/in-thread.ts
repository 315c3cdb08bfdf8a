import type { Libc } from './libc.ts';

/** Resolves to the call's result, or to the negative error number. */
export function inThread(libc: Libc, call: (done: (error: unknown, result: number) => void) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    call((error, result) => {
      if (error) reject(error);
      else resolve(result < 0 ? -libc.errno() : result);
    });
  });
}
