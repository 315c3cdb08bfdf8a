import type { Log } from '../../src/log/log.ts';

/** A log whose lines are kept: what was reported, and of which collector. */
export function createLineLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const write = ({ collector }: object & { collector?: unknown }, message: string) => {
    lines.push(`${message}: ${collector}`);
  };
  // At debug level the stack of a failure follows its line.
  return { log: { debug: () => undefined, info: write, warn: write, error: write }, lines };
}
