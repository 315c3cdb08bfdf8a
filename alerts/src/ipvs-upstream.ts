import { bypassingForwards, thresholds, upstreamStaySeconds } from '../../src/identity/thresholds.ts';
import type { AlertRule, RuleGroup } from './rule.ts';
import { counted, first, virtualServerOf } from './templates.ts';

const past = `forward=~"${bypassingForwards.join('|')}"`;
const newFlows = 'virtual_server:ipvs_past_director_connections:rate1m';
const serviceEntries = 'virtual_server:ipvs_upstream_conntrack_entries:rate1m';
const entries = 'instance:ipvs_upstream_conntrack_entries:rate1m';
const limitRatio = 'instance:ipvs_upstream_conntrack_entries:limit_ratio_rate1m';

const serviceLabels = 'protocol, address, port, fwmark, family';
const realServerLabels = 'real_address, real_port, forward';
const { tcp, udp } = upstreamStaySeconds;

/** The part of the weight that forwards past the director, of all that has the same labels but for these. */
function pastShare(without: string): string {
  return `sum without (${without}) (ipvs_real_server_weight{${past}}) / (sum without (${without}) (ipvs_real_server_weight) > 0)`;
}

/**
 * What the stateful hop in front of a director has to hold: the new connections whose answers it will not see, times how
 * long each stays in a table with the default timers. Counters of real servers give it exactly; where they are aggregated,
 * those of the service and the weights do; without netlink, the total and the weights.
 */
export const ipvsUpstreamRules: RuleGroup = {
  name: 'ipvs-upstream.rules',
  intervalSeconds: 15,
  rules: [
    {
      record: newFlows,
      expr: `sum without (${realServerLabels}) (rate(ipvs_real_server_connections_total{${past}}[1m]))
or
rate(ipvs_virtual_server_connections_total[1m]) * (${pastShare(realServerLabels)})`,
    },
    {
      record: serviceEntries,
      expr: `${newFlows}{protocol!="udp"} * ${tcp} or ${newFlows} * ${udp}`,
    },
    {
      record: entries,
      expr: `sum without (${serviceLabels}) (${serviceEntries})
or
rate(ipvs_connections_total[1m]) * (${pastShare(`${serviceLabels}, ${realServerLabels}`)}) * ${tcp}`,
    },
    { record: limitRatio, expr: `${entries} / (ipvs_upstream_conntrack_limit > 0)` },
  ],
};

export const ipvsUpstreamAlerts: RuleGroup = {
  name: 'ipvs-upstream.alerts',
  intervalSeconds: 15,
  rules: [pressure('critical', 30, 300), pressure('warning', 300, 900)],
};

function pressure(severity: 'critical' | 'warning', forSeconds: number, keepFiringForSeconds: number): AlertRule {
  return {
    alert: 'IpvsUpstreamConntrackPressure',
    severity,
    expr: `${limitRatio} > ${thresholds.upstreamConntrack[severity]}`,
    forSeconds,
    keepFiringForSeconds,
    summary: 'A director receives more new connections than the connection tracking table upstream can hold.',
    description:
      'The services of {{ $labels.instance }} that use direct server return (direct routing or tunnel) need {{ $value | humanizePercentage }} of the connection tracking table upstream.' +
      `{{ range ${first(serviceEntries, [], '$labels', { condition: ' > 0' })} }}` +
      ` The largest part, ${counted('entry', 'entries', '.Value')}, is for ${virtualServerOf('.Labels')}.{{ end }}`,
  };
}
