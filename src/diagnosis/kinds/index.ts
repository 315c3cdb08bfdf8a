import type { FindingId } from '../facts.ts';
import { conntrackKinds } from './conntrack.ts';
import { directorKinds } from './director.ts';
import { firewallKinds } from './firewall.ts';
import { hostKinds } from './host.ts';
import { keepalivedKinds } from './keepalived.ts';
import type { FindingKind } from './kind.ts';

/** Every finding. docs/findings.md is generated from it. */
export const findingKinds = {
  ...conntrackKinds,
  ...firewallKinds,
  ...hostKinds,
  ...directorKinds,
  ...keepalivedKinds,
} as const satisfies Readonly<Record<FindingId, FindingKind>>;

/** Alerts that no finding stands for, and why `diagnose` cannot see what they see. */
export const alertsWithoutFinding = {
  ConntrackEquilibriumRising: 'needs the trend of minutes',
  ConntrackHeadroomLow: 'needs the peak of a week',
  ConntrackPeakGrowing: 'needs the peaks of days',
  ConntrackTableLeaking: 'needs the low points of days',
  IpvsPairDiffers: 'needs all directors of a cluster',
  IpvsRealServersMissing: 'needs the number of real servers of an hour ago',
  IpvsUnevenTraffic: 'needs the traffic of minutes',
  KeepalivedDumpStale: '`diagnose` asks keepalived for a new dump itself',
  KeepalivedFlapping: 'needs the state changes of minutes',
  KeepalivedNoMaster: 'needs all directors of a cluster',
  KeepalivedPairDiffers: 'needs all directors of a cluster',
  KeepalivedQuorumLost: 'keepalived itself acts on it',
  KeepalivedRealServerDown: 'keepalived itself acts on it',
  KeepalivedScriptFailing: 'the finding on the VRRP instance names the script',
  LvsExporterScanStale: '`diagnose` scans the table itself',
  LvsExporterSeriesLimited: 'concerns what Prometheus stores',
  LvsExporterTargetDown: 'needs Prometheus',
} as const;

type PascalCase<Id extends string> = Id extends `${infer Word}-${infer Rest}`
  ? `${Capitalize<Word>}${PascalCase<Rest>}`
  : Capitalize<Id>;

/** Findings for whose fact Prometheus has an alert. */
export type AlertedFinding = {
  [Id in FindingId]: (typeof findingKinds)[Id]['alert'] extends 'same name' ? Id : never;
}[FindingId];

/** Every alert: one that is neither a finding nor listed above does not compile. */
export type AlertName = PascalCase<AlertedFinding> | keyof typeof alertsWithoutFinding;

/** The alert for the fact of a finding: `ConntrackTableFullSoon` for `conntrack-table-full-soon`. */
export function alertName<Id extends AlertedFinding>(id: Id): PascalCase<Id>;
export function alertName(id: string): string {
  return id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Undefined where Prometheus has no alert for it. */
export function alertOf(id: FindingId): AlertName | undefined {
  return isAlerted(id) ? alertName(id) : undefined;
}

function isAlerted(id: FindingId): id is AlertedFinding {
  return findingKinds[id].alert === 'same name';
}

/** The alert whose file in docs/runbooks/ explains a finding. */
export function runbookOf(id: FindingId): string | undefined {
  const kind: FindingKind = findingKinds[id];
  return alertOf(id) ?? kind.runbook;
}
