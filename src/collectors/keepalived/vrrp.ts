import { type VrrpCounters, type VrrpInstance, vrrpStates } from '../../parsers/keepalived/vrrp-instance.ts';
import { counter, gauge, type Sample, sample, stateSet } from '../../scrape/metric.ts';

export const instanceLabels = ['instance_name', 'interface', 'vrid', 'family'] as const;

const state = gauge(
  'keepalived_vrrp_state',
  'Which state a VRRP instance is in. When keepalived does not run, its last instances are in none of them.',
  [...instanceLabels, 'state'],
);
const wantedState = gauge('keepalived_vrrp_wanted_state', 'Which state keepalived wants a VRRP instance to be in.', [
  ...instanceLabels,
  'state',
]);
const priority = gauge(
  'keepalived_vrrp_priority',
  'Priority of a VRRP instance: base is the configured one, effective the one with the weights of what it tracks.',
  [...instanceLabels, 'kind'],
);
const lastTransition = gauge(
  'keepalived_vrrp_last_transition_timestamp_seconds',
  'When a VRRP instance last changed its state.',
  instanceLabels,
);
const errors = counter(
  'keepalived_vrrp_errors_total',
  'Advertisements that a VRRP instance refused. Only the kinds that this keepalived counts.',
  [...instanceLabels, 'kind'],
);
const instanceCounter = (name: `keepalived_vrrp_${string}_total`, help: string) => counter(name, help, instanceLabels);

/** They begin at 0 when keepalived starts, and when someone asks it to clear them. */
const totals = {
  becameMaster: instanceCounter('keepalived_vrrp_became_master_total', 'Times that a VRRP instance became master.'),
  releasedMaster: instanceCounter('keepalived_vrrp_released_master_total', 'Times that it ceased to be master.'),
  advertisementsReceived: instanceCounter('keepalived_vrrp_advertisements_received_total', 'Advertisements received.'),
  advertisementsSent: instanceCounter('keepalived_vrrp_advertisements_sent_total', 'Advertisements sent.'),
  priorityZeroReceived: instanceCounter(
    'keepalived_vrrp_priority_zero_received_total',
    'Advertisements received by which a master resigned.',
  ),
  priorityZeroSent: instanceCounter(
    'keepalived_vrrp_priority_zero_sent_total',
    'Advertisements sent by which it resigned as master.',
  ),
} as const satisfies Record<Exclude<keyof VrrpCounters, 'errors'>, unknown>;

export const vrrpMetrics = [state, wantedState, priority, lastTransition, ...Object.values(totals), errors] as const;

/** A VRRP instance with its counters, where they are known. */
export function sampleVrrpInstance(instance: VrrpInstance, counters: VrrpCounters | undefined): Sample[] {
  const { wantedState: wanted, basePriority, effectivePriority, lastTransitionSeconds } = instance;
  const labels = labelsOf(instance);
  return [
    ...stateSet(state, vrrpStates, instance.state, labels),
    ...(wanted === undefined ? [] : stateSet(wantedState, vrrpStates, wanted, labels)),
    sample(priority, basePriority, { ...labels, kind: 'base' }),
    ...(effectivePriority === undefined ? [] : [sample(priority, effectivePriority, { ...labels, kind: 'effective' })]),
    ...(lastTransitionSeconds === 0 ? [] : [sample(lastTransition, lastTransitionSeconds, labels)]),
    ...(counters === undefined ? [] : sampleCounters(counters, labels)),
  ];
}

/**
 * A VRRP instance whose keepalived does not run: it is in no state, and is said to be in none. The series stay, so
 * that "nobody is master" can be told from "nobody was asked".
 */
export function sampleStoppedInstance(instance: VrrpInstance): Sample[] {
  return stateSet(state, vrrpStates, 'unknown', labelsOf(instance));
}

export type InstanceLabels = Readonly<Record<(typeof instanceLabels)[number], string>>;

export function labelsOf({ name, interface: interfaceName, vrid, family }: VrrpInstance): InstanceLabels {
  return { instance_name: name, interface: interfaceName, vrid: String(vrid), family };
}

function sampleCounters({ errors: refused, ...counts }: VrrpCounters, labels: InstanceLabels): Sample[] {
  const names = Object.keys(totals) as (keyof typeof totals)[];
  return [
    ...names.map((name) => sample(totals[name], counts[name], labels)),
    ...[...refused].map(([kind, count]) => sample(errors, count, { ...labels, kind })),
  ];
}
