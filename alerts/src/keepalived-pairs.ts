import {
  keepalivedInfo,
  keepalivedVrrpAdvertisementIntervalSeconds,
  keepalivedVrrpInfo,
  keepalivedVrrpUnicastPeers,
} from '../../src/collectors/keepalived/metrics.ts';
import { describePairDifference } from './keepalived-pair-texts.ts';
import { differences, differInLabel, differInValue, membersOf, partlyInLabel, settled } from './pairs.ts';
import type { RuleGroup } from './rule.ts';
import { shared, vip, vrrpInstance } from './vrrp-pairs.ts';

const directors = 'address:keepalived_vrrp_address:directors';
const sharedBy = 'instance:keepalived_vrrp_address:directors';

const bound = 'instance:keepalived_vrrp_address_bound:shared';
const priorities = 'instance:keepalived_vrrp_priority:base';
const keepalived = 'job, cluster, instance, daemon';
const basePriority = 'keepalived_vrrp_priority{kind="base"}';
const versions = `${bound} * 0 + on (${keepalived}) group_left (version) ${settled(keepalivedInfo.name)}`;

/** Series of the directors that have an address of these, by what identifies such a series. */
const ofDirectors = (series: string, labels: string, addresses: string) =>
  `${series} and on (${labels}) (${bound} and on (${vip}) ${addresses})`;

/** An address of an instance whose other addresses have more directors. */
const fewer = `${sharedBy} < on (${vrrpInstance}) group_left () max by (${vrrpInstance}) (${sharedBy})`;

/** An instance that one member of a pair has. As backup it hears a partner that has no exporter. */
const alone =
  `${sharedBy} == 1 and on (job, cluster, instance) max by (job, cluster, instance) (${sharedBy}) != 1` +
  ` unless on (${vrrpInstance}) keepalived_vrrp_state{state="backup"} == 1`;

/** The series of instances, by virtual address. */
const perAddress = (series: string, ...labels: readonly string[]) =>
  `${bound} * 0 + on (${vrrpInstance}) group_left (${labels.join(', ')}) ${series}`;

const info = keepalivedVrrpInfo.name;
const interval = keepalivedVrrpAdvertisementIntervalSeconds.name;
const peers = keepalivedVrrpUnicastPeers.name;

/** Instances of an address whose label is not the same. Without a value it is not known. */
function differentInfo(label: 'version' | 'authentication'): string {
  const series = perAddress(`${info}{${label}!=""}`, label);
  return ofDirectors(info, vrrpInstance, `(${differInLabel(vip, label, series)})`);
}

/** A director may have an address in several instances. */
const differentVrid = `${info} and on (${vrrpInstance}) (${bound} and on (${vip}, vrid) (${partlyInLabel(vip, 'vrid', bound)}))`;

/** Their value as a label: those that hear each other have one VRID. */
const byPriority = `count_values by (${vrrpInstance}, address) ("priority", ${priorities})`;
const ofPriority = `${vip}, vrid, priority`;
const equalPriorities = `${byPriority} and on (${ofPriority}) ${membersOf(ofPriority, byPriority)} != 1`;

export const keepalivedPairRules: RuleGroup = {
  name: 'keepalived-pairs.rules',
  intervalSeconds: 60,
  rules: [
    { record: bound, expr: `keepalived_vrrp_address_bound{${shared}}` },
    { record: directors, expr: membersOf(vip, bound) },
    { record: sharedBy, expr: `${bound} * 0 + on (${vip}) group_left () ${directors}` },
    { record: priorities, expr: perAddress(basePriority) },
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
        VRID: differentVrid,
        address: `(${fewer} or ${alone})`,
        version: ofDirectors(keepalivedInfo.name, keepalived, `(${differInLabel(vip, 'version', versions)})`),
        priority: `${basePriority} and on (${vrrpInstance}) (${equalPriorities})`,
        authentication: differentInfo('authentication'),
        'VRRP version': differentInfo('version'),
        'advertisement interval': ofDirectors(interval, vrrpInstance, `(${differInValue(vip, perAddress(interval))})`),
        unicast: ofDirectors(peers, vrrpInstance, `(${differInValue(vip, perAddress(`(${peers} > bool 0)`))})`),
      }),
      forSeconds: 900,
      keepFiringForSeconds: 300,
      summary: 'The directors of a pair have different keepalived configurations.',
      description: describePairDifference(),
    },
  ],
};
