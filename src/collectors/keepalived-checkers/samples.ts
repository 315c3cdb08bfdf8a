import { groupBy } from '../../identity/group-by.ts';
import type { CheckedRealServer, Checker } from '../../parsers/keepalived/checkers/checked-server.ts';
import { type Sample, sampleKnown } from '../../scrape/metric.ts';
import {
  keepalivedRealServerChecked,
  keepalivedRealServerConfiguredWeight,
  keepalivedRealServerEffectiveWeight,
  keepalivedRealServerFailedCheckers,
  keepalivedRealServerUp,
  keepalivedSorryServerInUse,
  keepalivedVirtualServerQuorumHysteresis,
  keepalivedVirtualServerQuorumUp,
  keepalivedVirtualServerQuorumWeight,
  keepalivedVirtualServerRealServers,
  keepalivedVirtualServerRealServersUp,
  keepalivedVirtualServerWeight,
} from './metrics.ts';
import { type Labelled, listRealServers, type Parts } from './services.ts';

/** Where the weights do not suffice for any quorum keepalived takes -1 for a hysteresis, which it prints as 2^32 - 1. */
const maxHysteresis = 2 ** 31;

export function sampleCheckedService(parts: Parts): Sample[] {
  const [{ labels }] = parts;
  const realServers = listRealServers(parts).map(({ server }) => server);
  const serving = realServers.filter((real) => real.up);
  const isKnown = realServers.every((real) => real.up !== undefined);
  return [
    ...sampleQuorum(parts),
    ...sampleKnown(keepalivedVirtualServerWeight, isKnown ? sumWeights(serving) : undefined, labels),
    { metric: keepalivedVirtualServerRealServers, value: realServers.length, labels },
    ...sampleKnown(keepalivedVirtualServerRealServersUp, isKnown ? serving.length : undefined, labels),
    ...sampleSorryServers(parts),
  ];
}

/** Two virtual servers may have the same one. */
function sampleSorryServers(parts: Parts): Sample[] {
  const all = parts.flatMap(({ sorryServer }) => sorryServer ?? []);
  return [...groupBy(all, ({ key }) => key).values()].flatMap((same) => {
    const one = same.find(({ server }) => server.inUse) ?? same[0];
    return one ? sampleKnown(keepalivedSorryServerInUse, one.server.inUse, one.labels) : [];
  });
}

/** Of several virtual servers one with a quorum suffices, and the smallest quorum is what is required. */
function sampleQuorum(parts: Parts): Sample[] {
  const [{ labels }] = parts;
  const servers = parts.map(({ server }) => server);
  const states = servers.map(({ quorumUp }) => quorumUp);
  const isUp = states.includes(true) ? true : states.includes(undefined) ? undefined : false;
  const [least] = servers.sort((one, other) => (one.quorum ?? 0) - (other.quorum ?? 0));
  const { quorum, hysteresis = maxHysteresis } = least ?? {};
  return [
    ...sampleKnown(keepalivedVirtualServerQuorumUp, isUp, labels),
    ...sampleKnown(keepalivedVirtualServerQuorumWeight, quorum, labels),
    ...sampleKnown(
      keepalivedVirtualServerQuorumHysteresis,
      hysteresis < maxHysteresis ? hysteresis : undefined,
      labels,
    ),
  ];
}

/** Undefined where the weight of one is not known. */
function sumWeights(servers: readonly CheckedRealServer[]): number | undefined {
  const sum = servers.reduce((total, { effectiveWeight = Number.NaN }) => total + effectiveWeight, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

export function sampleCheckedRealServer({ server, labels }: Labelled<CheckedRealServer>): Sample[] {
  const { checkers } = server;
  return [
    ...sampleKnown(keepalivedRealServerUp, server.up, labels),
    ...sampleKnown(keepalivedRealServerChecked, isChecked(checkers), labels),
    ...sampleKnown(keepalivedRealServerEffectiveWeight, server.effectiveWeight, labels),
    ...sampleKnown(keepalivedRealServerConfiguredWeight, server.configuredWeight, labels),
    ...[...countFailures(checkers)].flatMap(([checker, value]) =>
      sampleKnown(keepalivedRealServerFailedCheckers, Number.isNaN(value) ? undefined : value, { ...labels, checker }),
    ),
  ];
}

/** Undefined where no checker rests or has yet to run, as far as is known, and one does not report. */
function isChecked(checkers: readonly Checker[]): boolean | undefined {
  const flags = checkers.flatMap(({ enabled, hasRun }) => [enabled, hasRun]);
  if (checkers.length === 0 || flags.includes(false)) return false;
  return flags.includes(undefined) ? undefined : true;
}

/** By kind; 0 for a kind of which none has failed, NaN where one is not known. */
function countFailures(checkers: readonly Checker[]): ReadonlyMap<string, number> {
  const failures = new Map<string, number>();
  for (const { kind, up: passes } of checkers) {
    const failed = passes === undefined ? Number.NaN : Number(!passes);
    failures.set(kind, (failures.get(kind) ?? 0) + failed);
  }
  return failures;
}
