import { keepalivedInfo } from '../../src/collectors/keepalived/metrics.ts';
import { differences, differInLabel, distinctValues, membersOf } from './pairs.ts';
import type { RuleGroup } from './rule.ts';
import { shared, vip, vrrpInstance } from './vrrp-pairs.ts';

const directors = 'address:keepalived_vrrp_address:directors';
const sharedBy = 'instance:keepalived_vrrp_address:directors';

const bound = 'instance:keepalived_vrrp_address_bound:shared';
const priorities = 'instance:keepalived_vrrp_priority:base';
const keepalived = 'job, instance, daemon';
const basePriority = 'keepalived_vrrp_priority{kind="base"}';
const versions = `${bound} * 0 + on (${keepalived}) group_left (version) keepalived_info`;

/** Series of the directors that have an address of these, by what identifies such a series. */
const ofDirectors = (series: string, labels: string, addresses: string) =>
  `${series} and on (${labels}) (${bound} and on (${vip}) ${addresses})`;

/** An address of an instance whose other addresses have more directors. */
const fewer = `${sharedBy} < on (${vrrpInstance}) group_left () max by (${vrrpInstance}) (${sharedBy})`;

/** An instance that one member of a pair has. As backup it hears a partner that has no exporter. */
const alone =
  `${sharedBy} == 1 and on (job, instance) max by (job, instance) (${sharedBy}) != 1` +
  ` unless on (${vrrpInstance}) keepalived_vrrp_state{state="backup"} == 1`;

const equalPriorities = `${distinctValues(vip, priorities)} < ${membersOf(vip, priorities)}`;

export const keepalivedPairRules: RuleGroup = {
  name: 'keepalived-pairs.rules',
  intervalSeconds: 60,
  rules: [
    { record: bound, expr: `keepalived_vrrp_address_bound{${shared}}` },
    { record: directors, expr: membersOf(vip, bound) },
    { record: sharedBy, expr: `${bound} * 0 + on (${vip}) group_left () ${directors}` },
    { record: priorities, expr: `${bound} * 0 + on (${vrrpInstance}) group_left () ${basePriority}` },
  ],
};

export const keepalivedPairAlerts: RuleGroup = {
  name: 'keepalived-pairs.alerts',
  intervalSeconds: 60,
  rules: [
    {
      alert: 'KeepalivedPairDiffers',
      severity: 'warning',
      expr: differences(`${vrrpInstance}, address, version`, {
        address: `(${fewer} or ${alone})`,
        version: ofDirectors(keepalivedInfo.name, keepalived, `(${differInLabel(vip, 'version', versions)})`),
        priority: ofDirectors(basePriority, vrrpInstance, `(${equalPriorities})`),
      }),
      forSeconds: 900,
      keepFiringForSeconds: 300,
      summary: 'The directors of a pair have different keepalived configurations.',
      description:
        '{{ if eq $labels.difference "address" }}Virtual address {{ $labels.address }} (VRRP instance {{ $labels.instance_name }}) is configured on {{ $labels.instance }} and not on every director of its pair: after a failover to a director without it, the address does not answer.' +
        '{{ else if eq $labels.difference "priority" }}VRRP instance {{ $labels.instance_name }} (VRID {{ $labels.vrid }}) has priority {{ $value | printf "%.0f" }} on {{ $labels.instance }} and on another director of its pair: which one becomes master depends on their addresses.' +
        '{{ else }}keepalived {{ $labels.version }} runs on {{ $labels.instance }}, and another version on another director of its pair.{{ end }}',
    },
  ],
};
