import type { CheckedRealServer, Checker } from '../../parsers/keepalived/checked-server.ts';
import { gauge, type Sample } from '../../scrape/metric.ts';
import { realServerLabels } from '../ipvs/real-servers.ts';
import { virtualServerLabels } from '../ipvs/virtual-servers.ts';
import type { CheckedService, Labelled } from './services.ts';

const quorumUp = gauge(
  'keepalived_virtual_server_quorum_up',
  'Whether a virtual server has its quorum, as keepalived sees it.',
  virtualServerLabels,
);
const quorumWeight = gauge(
  'keepalived_virtual_server_quorum_weight',
  'Sum of weights that a virtual server needs for its quorum.',
  virtualServerLabels,
);
const quorumHysteresis = gauge(
  'keepalived_virtual_server_quorum_hysteresis',
  'By how much the weights have to exceed that to gain the quorum, and to fall short of it to lose it.',
  virtualServerLabels,
);
const weight = gauge(
  'keepalived_virtual_server_weight',
  'Sum of the effective weights of the real servers that keepalived holds to be up.',
  virtualServerLabels,
);
const realServers = gauge(
  'keepalived_virtual_server_real_servers',
  'Real servers that a virtual server is configured with.',
  virtualServerLabels,
);
const realServersUp = gauge(
  'keepalived_virtual_server_real_servers_up',
  'Those of them that keepalived holds to be up.',
  virtualServerLabels,
);
const sorryServerInUse = gauge(
  'keepalived_sorry_server_in_use',
  'Whether the sorry server answers in place of the real servers. Absent where none is configured.',
  realServerLabels,
);
const up = gauge(
  'keepalived_real_server_up',
  'Whether keepalived holds a real server to be up. An assumption where nothing checks it.',
  realServerLabels,
);
const checked = gauge(
  'keepalived_real_server_checked',
  'Whether checkers say so: 0 while one has not run yet or rests (ha_suspend), and where there is none.',
  realServerLabels,
);
const effectiveWeight = gauge(
  'keepalived_real_server_effective_weight',
  'Weight that a real server has in the kernel when it is up: the configured one with what checkers and files make of it.',
  realServerLabels,
);
const configuredWeight = gauge(
  'keepalived_real_server_configured_weight',
  'Weight that a real server is configured with.',
  realServerLabels,
);
const failedCheckers = gauge('keepalived_real_server_failed_checkers', 'Checkers of a kind that a real server fails.', [
  ...realServerLabels,
  'checker',
]);

export const checkedServerMetrics = [
  quorumUp,
  quorumWeight,
  quorumHysteresis,
  weight,
  realServers,
  realServersUp,
  sorryServerInUse,
  up,
  checked,
  effectiveWeight,
  configuredWeight,
  failedCheckers,
];

/** Where the weights do not suffice for any quorum keepalived takes -1 for a hysteresis, which it prints as 2^32 - 1. */
const greatestHysteresis = 2 ** 31;

export function sampleCheckedService({ server, labels, sorryServer }: CheckedService): Sample[] {
  const serving = server.realServers.filter((real) => real.up);
  const weights = serving.reduce((sum, real) => sum + real.effectiveWeight, 0);
  return [
    { metric: quorumUp, value: Number(server.quorumUp), labels },
    { metric: quorumWeight, value: server.quorum, labels },
    ...(server.hysteresis < greatestHysteresis ? [{ metric: quorumHysteresis, value: server.hysteresis, labels }] : []),
    { metric: weight, value: weights, labels },
    { metric: realServers, value: server.realServers.length, labels },
    { metric: realServersUp, value: serving.length, labels },
    ...(sorryServer
      ? [{ metric: sorryServerInUse, value: Number(sorryServer.server.inUse), labels: sorryServer.labels }]
      : []),
  ];
}

export function sampleCheckedRealServer({ server, labels }: Labelled<CheckedRealServer>): Sample[] {
  const { checkers } = server;
  const isChecked = checkers.length > 0 && checkers.every(({ enabled, hasRun }) => enabled && hasRun);
  return [
    { metric: up, value: Number(server.up), labels },
    { metric: checked, value: Number(isChecked), labels },
    { metric: effectiveWeight, value: server.effectiveWeight, labels },
    { metric: configuredWeight, value: server.configuredWeight, labels },
    ...[...countFailures(checkers)].map(([checker, value]) => ({
      metric: failedCheckers,
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
