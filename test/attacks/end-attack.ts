import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';

/** Ends what attacked until now. One that ended by itself before has left a part of the test without an attack. */
export async function endAttack(attacker: ChildProcess): Promise<void> {
  expect(attacker.exitCode).toBeNull();
  const ended = once(attacker, 'exit');
  attacker.kill('SIGKILL');
  await ended;
}
