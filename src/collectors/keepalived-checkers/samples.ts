import type { CheckedRealServer, Checker } from '../../parsers/keepalived/checked-server.ts';
import type { Sample } from '../../scrape/metric.ts';
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
import type { CheckedService, Labelled } from './services.ts';

/** Where the weights do not suffice for any quorum keepalived takes -1 for a hysteresis, which it prints as 2^32 - 1. */
const greatestHysteresis = 2 ** 31;

export function sampleCheckedService({ server, labels, sorryServer }: CheckedService): Sample[] {
  const serving = server.realServers.filter((real) => real.up);
  const weights = serving.reduce((sum, real) => sum + real.effectiveWeight, 0);
  return [
    { metric: keepalivedVirtualServerQuorumUp, value: Number(server.quorumUp), labels },
    { metric: keepalivedVirtualServerQuorumWeight, value: server.quorum, labels },
    ...(server.hysteresis < greatestHysteresis
      ? [{ metric: keepalivedVirtualServerQuorumHysteresis, value: server.hysteresis, labels }]
      : []),
    { metric: keepalivedVirtualServerWeight, value: weights, labels },
    { metric: keepalivedVirtualServerRealServers, value: server.realServers.length, labels },
    { metric: keepalivedVirtualServerRealServersUp, value: serving.length, labels },
    ...(sorryServer
      ? [{ metric: keepalivedSorryServerInUse, value: Number(sorryServer.server.inUse), labels: sorryServer.labels }]
      : []),
  ];
}

export function sampleCheckedRealServer({ server, labels }: Labelled<CheckedRealServer>): Sample[] {
  const { checkers } = server;
  const isChecked = checkers.length > 0 && checkers.every(({ enabled, hasRun }) => enabled && hasRun);
  return [
    { metric: keepalivedRealServerUp, value: Number(server.up), labels },
    { metric: keepalivedRealServerChecked, value: Number(isChecked), labels },
    { metric: keepalivedRealServerEffectiveWeight, value: server.effectiveWeight, labels },
    { metric: keepalivedRealServerConfiguredWeight, value: server.configuredWeight, labels },
    ...[...countFailures(checkers)].map(([checker, value]) => ({
      metric: keepalivedRealServerFailedCheckers,
      value,
      labels: { ...labels, checker },
    })),
  ];
}

/** By kind; 0 for a kind of which none has failed. */
function countFailures(checkers: readonly Checker[]): ReadonlyMap<string, number> {
  const failures = new Map<string, number>();
  for (const { kind, up: passes } of checkers) failures.set(kind, (failures.get(kind) ?? 0) + (passes ? 0 : 1));
  return failures;
}
