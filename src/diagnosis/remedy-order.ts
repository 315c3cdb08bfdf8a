import type { FindingKind } from './kinds/kind.ts';
import type { RemedyKind } from './remedy.ts';

type Effect = RemedyKind['effect'];

/** While flows are being lost, what gives room at once comes first. Otherwise it comes after what removes the cause. */
const lossRank: Readonly<Record<Effect, number>> = { relief: 0, look: 1, cure: 1 };
const causeRank: Readonly<Record<Effect, number>> = { look: 0, cure: 0, relief: 1 };

/** Remedies as they are offered for a kind of finding, the first one first. Those of equal rank stay in their order. */
export function inOrder<Remedy extends { readonly effect: Effect }>(
  { isLoss }: Pick<FindingKind, 'isLoss'>,
  remedies: readonly Remedy[],
): Remedy[] {
  const rank = isLoss ? lossRank : causeRank;
  return [...remedies].sort((one, other) => rank[one.effect] - rank[other.effect]);
}
