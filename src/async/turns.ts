import { setImmediate as nextTurn } from 'node:timers/promises';

/** A computation that can be left after each step. */
export type Steps<T> = Generator<undefined, T>;

/** How long the event loop is held at a time: as many steps as fit. */
const turnMs = 2;

/** Computes with turns of the event loop between, so that nothing else waits for the whole. */
export async function computeInTurns<T>(steps: Steps<T>): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - began < turnMs) continue;
    await nextTurn();
    began = performance.now();
  }
}

/** The same at once. */
export function computeAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
