import { vrrpInstance } from '../../alerts/src/vrrp-pairs.ts';
import { runbook } from './links.ts';
import { own, together } from './query.ts';
import { machineColumn, table } from './table.ts';
import { noAddresses } from './vrrp.ts';

const instance = { label: 'instance_name', heading: 'VRRP instance' } as const;
const address = { label: 'address', heading: 'Address' } as const;

/** The series of instances, by virtual address: rows of one pair are neighbours. */
const perAddress = (series: string, ...labels: readonly string[]) =>
  `keepalived_vrrp_address_bound{${own}} * 0 + on (${vrrpInstance}) group_left (${labels.join(', ')}) ${series}`;

const firing = 'alertstate=~"pending|firing"';

/** What the directors of each pair have in common, and what not. */
export const pairPanels = [
  table({
    title: 'Differences of pairs',
    description:
      'What the directors of a pair do not have in common. The alerts fire when a difference has lasted 15 minutes: a ' +
      'reload may reach one director before the other.',
    width: 24,
    height: 7,
    noValue: 'No differences, or the rules of alerts/ are not loaded',
    links: [runbook('KeepalivedPairDiffers'), runbook('IpvsPairDiffers')],
    labels: [
      machineColumn,
      { label: 'difference', heading: 'Difference' },
      instance,
      address,
      { label: 'port', heading: 'Port' },
      { label: 'real_address', heading: 'Real server' },
    ],
    columns: [
      {
        heading: 'Alert',
        expr: `ALERTS{${together},alertname=~"KeepalivedPairDiffers|IpvsPairDiffers",${firing}}`,
        showLabel: 'alertstate',
      },
    ],
  }),
  table({
    title: 'Settings of each pair',
    description:
      'One row for each virtual address and director. Except for the priorities, the rows of an address must be the ' +
      'same. Passwords are never exported.',
    width: 24,
    height: 8,
    noValue: noAddresses,
    links: [runbook('KeepalivedPairDiffers')],
    labels: [address, machineColumn, instance, { label: 'vrid', heading: 'VRID' }],
    sortBy: [{ heading: 'Address', ascending: true }],
    columns: [
      { heading: 'Priority', expr: perAddress(`keepalived_vrrp_priority{${own},kind="base"}`), unit: 'none' },
      {
        heading: 'VRRP version',
        expr: perAddress(`keepalived_vrrp_info{${own}}`, 'version'),
        showLabel: 'version',
      },
      {
        heading: 'Authentication',
        expr: perAddress(`keepalived_vrrp_info{${own}}`, 'authentication'),
        showLabel: 'authentication',
      },
      { heading: 'Interval', expr: perAddress(`keepalived_vrrp_advertisement_interval_seconds{${own}}`), unit: 's' },
      { heading: 'Unicast peers', expr: perAddress(`keepalived_vrrp_unicast_peers{${own}}`), unit: 'none' },
    ],
  }),
  table({
    title: 'Unicast peers',
    description:
      'Whether the peers of a master answer ARP. Empty for a peer behind a router, for IPv6, and where this director ' +
      'is not master.',
    width: 24,
    height: 6,
    noValue: 'No unicast peers, or no keepalived',
    links: [runbook('KeepalivedSplitBrain')],
    labels: [machineColumn, instance, { label: 'peer', heading: 'Peer' }],
    columns: [
      { heading: 'VRID', expr: `keepalived_vrrp_unicast_peer_info{${own}}`, showLabel: 'vrid' },
      { heading: 'Answers', expr: `keepalived_vrrp_unicast_peer_reachable{${own}}`, unit: 'bool_yes_no' },
    ],
  }),
];
