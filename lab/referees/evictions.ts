import type { Node } from '../cluster/node.ts';
import { sumCounter } from './conntrack.ts';

/** What a full table does to make room, as `conntrack -S` has it. */
export interface Evictions {
  readonly early_drop: number;
  readonly drop: number;
}

export async function readEvictions(node: Node): Promise<Evictions> {
  return { early_drop: await sumCounter(node, 'early_drop'), drop: await sumCounter(node, 'drop') };
}

export async function evictionsSince(before: Evictions, node: Node): Promise<Evictions> {
  const { early_drop, drop } = await readEvictions(node);
  return { early_drop: early_drop - before.early_drop, drop: drop - before.drop };
}
