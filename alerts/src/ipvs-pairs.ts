import { aggregated, ipvsTimeoutSeconds } from '../../src/collectors/ipvs/metrics.ts';
import { keepalivedVrrpAddressBound } from '../../src/collectors/keepalived/metrics.ts';
import { notKubeProxy } from './ipvs.ts';
import { dayAgo, differences, differInLabel, differInValue, membersOf, settled } from './pairs.ts';
import type { RuleGroup } from './rule.ts';
import { realServer, virtualServer } from './templates.ts';
import { shared } from './vrrp-pairs.ts';

/** Without `family`: of a firewall mark it is known over netlink alone, and one director may lack that. */
const service = 'cluster, job, protocol, address, port, fwmark';
const onMachine = 'job, cluster, instance, protocol, address, port, fwmark, family';
const real = `${service}, real_address, real_port`;

const services = 'instance:ipvs_virtual_server:compared';
const directors = 'service:ipvs_virtual_server:directors';
const sharedBy = 'instance:ipvs_virtual_server:directors';
const weights = 'instance:ipvs_real_server_weight:compared';

const machines = 'cluster:ipvs_virtual_server:machines';
/** The most machines that have one address, or one service. */
const together = (series: string) => `max by (job, cluster) (${series})`;

/**
 * A firewall mark may be another service on an unrelated pair. It is compared in a cluster that is not more than one pair:
 * of two machines, or of machines that all have one address in common.
 */
const comparable =
  `ipvs_virtual_server_info{fwmark="",${shared}} or ipvs_virtual_server_info{cluster!=""} and on (job, cluster) (${machines} == 2` +
  ` or ${machines} == on (job, cluster) ${together(membersOf('job, cluster, address', 'ipvs_virtual_server_info{fwmark=""}'))}` +
  ` or ${machines} == on (job, cluster) ${together(membersOf('job, cluster, address', keepalivedVrrpAddressBound.name))})`;
/** A machine whose real servers are added up has none to compare. */
const individually = `unless on (job, cluster, instance) ipvs_real_server_weight{real_address="${aggregated}"}`;
const settledServices = settled(services);
const settledWeights = settled(weights);
/** The weight may change with every check of the real server. */
const remote = `${weights}{forward!="local"} and ${dayAgo(weights)}`;
const overNetlink = `${settledServices} and on (job, cluster, instance) lvs_exporter_source_info{collector="ipvs",source="netlink"}`;

/** Series of the directors that have a service of these. */
const ofDirectors = (found: string) => `${services} and on (${service}) (${found})`;

const fewer =
  `${sharedBy} < on (cluster, job, instance, address) group_left () max by (cluster, job, instance, address) (${sharedBy})` +
  ` or ${sharedBy} == 1 and on (job, cluster, instance) max by (job, cluster, instance) (${sharedBy}) != 1`;

const realServerMissing =
  `${weights} and on (${real}) (${membersOf(real, weights)}` +
  ` < on (${service}) group_left () ${membersOf(service, `${services} ${individually}`)})`;

const timeouts = [timeoutOf('tcp', 'established'), timeoutOf('tcp', 'fin_wait'), timeoutOf('udp', '')];

function timeoutOf(protocol: string, state: string): string {
  const values =
    `${services}{protocol="${protocol}"} * 0` +
    ` + on (job, cluster, instance) group_left () ${settled(ipvsTimeoutSeconds.name, `{state="${state}"}`)}`;
  return differInValue(service, values);
}

export const ipvsPairRules: RuleGroup = {
  name: 'ipvs-pairs.rules',
  intervalSeconds: 60,
  rules: [
    {
      record: machines,
      expr: membersOf('job, cluster', `ipvs_virtual_server_info ${notKubeProxy}`),
    },
    { record: services, expr: `(${comparable}) ${notKubeProxy}` },
    { record: directors, expr: membersOf(service, services) },
    { record: sharedBy, expr: `${services} * 0 + on (${service}) group_left () ${directors}` },
    {
      record: weights,
      expr: `ipvs_real_server_weight{real_address!="${aggregated}"} and on (${onMachine}) ${services}`,
    },
  ],
};

const where = `${virtualServer} on {{ $labels.instance }}`;

export const ipvsPairAlerts: RuleGroup = {
  name: 'ipvs-pairs.alerts',
  intervalSeconds: 60,
  rules: [
    {
      alert: 'IpvsPairDiffers',
      severity: 'warning',
      expr: differences(`${onMachine}, real_address, real_port, forward`, {
        service: `(${fewer})`,
        'real server': realServerMissing,
        weight: `${weights} and on (${real}) (${differInValue(real, settledWeights)})`,
        forward: `${weights} and on (${real}) (${differInLabel(real, 'forward', remote)})`,
        scheduler: ofDirectors(differInLabel(service, 'scheduler', settledServices)),
        persistence: ofDirectors(differInLabel(service, 'persistence_seconds', `(${overNetlink})`)),
        timeouts: ofDirectors(timeouts.join(' or ')),
      }),
      forSeconds: 900,
      keepFiringForSeconds: 300,
      summary: 'The directors of a pair have different IPVS tables.',
      description:
        `{{ if eq $labels.difference "service" }}Virtual server ${where} is not on every director of its pair: after a failover to a director without it, its clients are refused.` +
        `{{ else if eq $labels.difference "real server" }}Real server ${realServer} of ${where} is not on every director of its pair.` +
        `{{ else if $labels.real_address }}Real server ${realServer} of ${where} has another {{ $labels.difference }} on another director of its pair.` +
        `{{ else }}Virtual server ${where} differs from another director of its pair: {{ $labels.difference }}.{{ end }}`,
    },
  ],
};
