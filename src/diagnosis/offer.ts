import type { Readings } from '../readings/readings.ts';
import type { AnyFound } from './finding.ts';
import { type PreconditionId, preconditions } from './preconditions.ts';
import { type RemedyId, remedies } from './remedies/index.ts';
import type { CheckFirst, Remedy, RemedyKind } from './remedy.ts';

/** What a remedy amounts to here: nothing where it does not apply or one of its preconditions fails. */
export function offer(id: RemedyId, readings: Readings, found: AnyFound): Remedy[] {
  const { docs, effect, preconditions: required, plan }: RemedyKind = remedies[id];
  const statuses = required.map((one) => [one, preconditions[one].judge(readings, found)] as const);
  if (statuses.some(([, status]) => status === 'failed')) return [];
  const planned = plan(readings, found);
  if (planned === undefined) return [];
  const met = statuses.filter(([, status]) => status === 'met').map(([one]) => one);
  const checkFirst = statuses.flatMap(([one, status]) => (status === 'unknown' ? checkOf(one, found) : []));
  return [{ id, effect, docs, ...planned, met, checkFirst }];
}

function checkOf(id: PreconditionId, found: AnyFound): CheckFirst[] {
  const precondition = preconditions[id];
  return 'check' in precondition ? [{ id, requires: precondition.requires, command: precondition.check(found) }] : [];
}
