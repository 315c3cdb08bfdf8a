import { thresholds } from '../../src/identity/thresholds.ts';
import type { AlertRule, RuleGroup } from './rule.ts';
import { steadyRise } from './vectors.ts';

const { ipvsConnectionsUsed: used, ipvsConnectionsFullIn: fullIn } = thresholds;
const usedRatio = 'instance:ipvs_connections:limit_ratio';
const riseSeconds = 60;
/** A step is in one of the two minutes alone. */
const rise = steadyRise(usedRatio, riseSeconds);

export const ipvsConnectionRules: RuleGroup = {
  name: 'ipvs-connections.rules',
  intervalSeconds: 15,
  rules: [
    {
      // A limit of 0 is full without any connection.
      record: usedRatio,
      expr: 'ipvs_connections / (ipvs_connections_limit > 0) or (ipvs_connections_limit == 0) ^ 0',
    },
  ],
};

export const ipvsConnectionAlerts: RuleGroup = {
  name: 'ipvs-connections.alerts',
  intervalSeconds: 15,
  rules: [
    nearlyFull(
      'critical',
      `${usedRatio} > ${used.critical} or (${usedRatio} > ${used.rising} and ${usedRatio} + ${fullIn.critical / riseSeconds} * (${rise}) > 1)`,
      60,
      300,
    ),
    nearlyFull('warning', `${usedRatio} > ${used.warning}`, 300, 900),
  ],
};

function nearlyFull(
  severity: AlertRule['severity'],
  expr: string,
  forSeconds: number,
  keepFiringForSeconds: number,
): AlertRule {
  return {
    alert: 'IpvsConnectionsNearlyFull',
    severity,
    expr,
    forSeconds,
    keepFiringForSeconds,
    summary: 'IPVS is close to its connection limit (net.ipv4.vs.conn_max).',
    description:
      'The IPVS connection table of {{ $labels.instance }} is {{ $value | humanizePercentage }} full. ' +
      'At the limit, new connections are refused without a log line.',
  };
}
