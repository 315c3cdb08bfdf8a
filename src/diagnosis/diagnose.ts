import { severities } from '../identity/severity.ts';
import { type Readings, splitByNamespace } from '../readings/readings.ts';
import { createWithName } from '../readings/service-names.ts';
import type { Sample } from '../scrape/metric.ts';
import type { AnyFound, Finding } from './finding.ts';
import { groupAlike } from './group.ts';
import { findingKinds } from './kinds/index.ts';
import { remediesFor } from './remedies-for.ts';
import { machineRules, namespaceRules, tableRules } from './rules/index.ts';
import { withServiceNames } from './service-names.ts';

/** A finding, and the readings of the network namespace that it is about. */
interface Located {
  readonly readings: Readings;
  readonly found: AnyFound;
}

/**
 * What is wrong on a machine, or will be: the most urgent first, and what loses flows now before all else.
 *
 * @param now what a scrape serves.
 * @param before the same some seconds earlier. Without it, nothing is found that only the rise of a counter shows:
 * evictions, drops, INVALID packets.
 */
export function diagnose(now: readonly Sample[], before?: readonly Sample[]): Finding[] {
  return diagnoseReadings(splitByNamespace(now, before));
}

/** The same of what is read already. */
export function diagnoseReadings([own, ...others]: readonly Readings[]): Finding[] {
  if (own === undefined) return [];
  const located = [
    ...tableRules.flatMap((rule) => [own, ...others].flatMap((readings) => locate(readings, rule))),
    ...machineRules.flatMap((rule) => locate(own, rule)),
    ...namespaceRules.flatMap((rule) => others.flatMap((readings) => locate(readings, rule))),
  ];
  const ordered = groupAlike(located.sort((one, other) => urgencyOf(one) - urgencyOf(other)));
  const withName = createWithName(own);
  return ordered.map(({ item: { readings, found }, group }) => {
    const finding = { ...found, ...(group && { group }), remedies: remediesFor(readings, found) };
    return withServiceNames(finding, withName);
  });
}

function locate(readings: Readings, rule: (readings: Readings) => readonly AnyFound[]): Located[] {
  return rule(readings).map((found) => ({ readings, found }));
}

/** The lower, the sooner. */
function urgencyOf({ found: { id, severity } }: Located): number {
  return 2 * severities.indexOf(severity) + ('isLoss' in findingKinds[id] ? 0 : 1);
}
