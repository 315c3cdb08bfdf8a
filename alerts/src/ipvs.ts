import { quiescingManagers } from '../../src/identity/service-managers.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import type { RuleGroup } from './rule.ts';
import { byNumber, realServer, virtualServer } from './templates.ts';

/**
 * kube-proxy and kube-router keep services without endpoints, and remove those of a Deployment that is scaled down.
 */
export const notKubeProxy = 'unless on (job, cluster, instance) lvs_platform_info{kube_proxy!=""}';

const uneven = thresholds.ipvsUneven;
const service = 'job, cluster, instance, protocol, address, port, fwmark, family';
const newConnections = 'real_server:ipvs_real_server_connections:rate15m';
const evenWeight = 'real_server:ipvs_real_server_weight:even';
const fairRatio = 'real_server:ipvs_real_server_connections:fair_ratio_rate15m';

const where = `${virtualServer} on {{ $labels.instance }}`;

const notKeepalived = 'unless on (job, cluster, instance) keepalived_real_server_up';

/** The director itself, which takes the clients if no real server does. keepalived reports its own another way. */
const fallback = 'ipvs_real_server_weight{real_address=~"127[.].*|::1"}';
const byRealServer = `${service}, real_address, real_port`;
const othersOfLastHour = 'last_over_time(ipvs_real_server_weight{real_address!~"127[.].*|::1"}[1h])';
/** With one other real server, the directors may be the real servers, and the other one drained. */
const onlyFallback =
  'ipvs_virtual_server_weight > 0' +
  ` and on (${service}) sum by (${service}) (${fallback}) == on (${service}) ipvs_virtual_server_weight` +
  ` and on (${service}) count by (${service}) (count by (${byRealServer}) (${othersOfLastHour})) > 1` +
  ` ${notKeepalived}`;

/** A fallback server that comes and goes is none that was lost: of a service that had one, another is missing too. */
const gone =
  'max_over_time(ipvs_virtual_server_real_servers[1h]) - ipvs_virtual_server_real_servers > 0' +
  ` unless on (${service}) (last_over_time(${fallback}[1h])` +
  ` unless on (${service}) (${othersOfLastHour} unless on (${byRealServer}) ipvs_real_server_weight))`;
/** These programs keep a real server whose check fails, with weight 0. */
const quiesced =
  `ipvs_virtual_server_real_servers * 0 + on (${service}) group_left () count by (${service}) (ipvs_real_server_weight == 0 and ipvs_real_server_weight offset 1h > 0` +
  ` and on (job, cluster, instance) lvs_platform_info{service_manager=~"${quiescingManagers.join('|')}"})` +
  ` and on (${service}) ipvs_virtual_server_weight > 0`;

/** The part that each real server has in the sum of its service. */
function shareOf(series: string): string {
  return `${series} / on (${service}) group_left () (sum by (${service}) (${series}) > 0)`;
}

/** Schedulers that distribute evenly, with weights and without. Persistence and hashing schedulers do not. */
const evenBy = (schedulers: string) =>
  `on (${service}) group_left () ipvs_virtual_server_info{scheduler=~"${schedulers}", persistence_seconds=""}`;

export const ipvsRules: RuleGroup = {
  name: 'ipvs.rules',
  intervalSeconds: 60,
  rules: [
    { record: newConnections, expr: 'rate(ipvs_real_server_connections_total[15m])' },
    {
      record: evenWeight,
      expr: `ipvs_real_server_weight * ${evenBy('wrr|wlc|sed|nq')} or (ipvs_real_server_weight > bool 0) * ${evenBy('rr|lc')}`,
    },
    { record: fairRatio, expr: `(${shareOf(newConnections)}) / (${shareOf(evenWeight)} > 0)` },
  ],
};

export const ipvsAlerts: RuleGroup = {
  name: 'ipvs.alerts',
  intervalSeconds: 15,
  rules: [
    {
      alert: 'IpvsServiceWithoutRealServers',
      severity: 'critical',
      expr: `ipvs_virtual_server_real_servers == 0 ${notKubeProxy}`,
      forSeconds: 60,
      keepFiringForSeconds: 120,
      summary: 'A virtual server of IPVS has no real servers.',
      description: `Virtual server ${where} has no real servers: its clients are refused.`,
    },
    {
      alert: 'IpvsServiceWeightZero',
      severity: 'critical',
      expr: `ipvs_virtual_server_weight == 0 and ipvs_virtual_server_real_servers > 0 ${notKubeProxy} or ${onlyFallback}`,
      forSeconds: 60,
      keepFiringForSeconds: 120,
      summary: 'No real server of a virtual server has a weight, or only its fallback server.',
      description: `Every real server of ${where} {{ if eq $value 0.0 }}has weight 0: new connections fail{{ else }}is removed or has weight 0: all clients get the fallback server{{ end }}.`,
    },
    {
      alert: 'IpvsRealServersMissing',
      severity: 'warning',
      expr: `(${gone} and ipvs_virtual_server_real_servers > 0 or ${quiesced}) ${notKeepalived} ${notKubeProxy}`,
      forSeconds: 300,
      keepFiringForSeconds: 300,
      summary: 'A virtual server lost real servers within the last hour.',
      description: `{{ $value | humanize }} of the real servers that ${where} had within the last hour ${byNumber('is', 'are')} gone or without weight.`,
    },
    {
      alert: 'IpvsUnevenTraffic',
      severity: 'warning',
      expr: `(${fairRatio} < ${uneven.least} or ${fairRatio} > ${uneven.most}) and on (${service}) sum by (${service}) (${newConnections}) > ${uneven.connectionsPerSecond} ${notKubeProxy}`,
      forSeconds: 900,
      keepFiringForSeconds: 900,
      summary: 'A real server gets far more or far fewer new connections than its weight implies.',
      description: `Real server ${realServer} of ${where} gets {{ $value | humanizePercentage }} of the new connections that its weight implies.`,
    },
  ],
};
