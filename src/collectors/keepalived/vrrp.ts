import {
  type VrrpCounters,
  type VrrpInstance,
  type VrrpSettings,
  vrrpStates,
} from '../../parsers/keepalived/vrrp/vrrp-instance.ts';
import { type Sample, sample, sampleKnown, stateSet } from '../../scrape/metric.ts';
import {
  type instanceLabels,
  keepalivedVrrpAdvertisementIntervalSeconds,
  keepalivedVrrpAdvertisementsReceivedTotal,
  keepalivedVrrpAdvertisementsSentTotal,
  keepalivedVrrpBecameMasterTotal,
  keepalivedVrrpErrorsTotal,
  keepalivedVrrpInfo,
  keepalivedVrrpLastTransitionTimestampSeconds,
  keepalivedVrrpPriority,
  keepalivedVrrpPriorityZeroReceivedTotal,
  keepalivedVrrpPriorityZeroSentTotal,
  keepalivedVrrpReleasedMasterTotal,
  keepalivedVrrpState,
  keepalivedVrrpUnicastPeerInfo,
  keepalivedVrrpUnicastPeers,
  keepalivedVrrpWantedState,
} from './metrics.ts';

/** They begin at 0 when keepalived starts, and when it is asked to clear them. */
const totals = {
  becameMaster: keepalivedVrrpBecameMasterTotal,
  releasedMaster: keepalivedVrrpReleasedMasterTotal,
  advertisementsReceived: keepalivedVrrpAdvertisementsReceivedTotal,
  advertisementsSent: keepalivedVrrpAdvertisementsSentTotal,
  priorityZeroReceived: keepalivedVrrpPriorityZeroReceivedTotal,
  priorityZeroSent: keepalivedVrrpPriorityZeroSentTotal,
} as const satisfies Record<Exclude<keyof VrrpCounters, 'errors'>, unknown>;

/** A VRRP instance with its counters, where they are known. */
export function sampleVrrpInstance(instance: VrrpInstance, counters: VrrpCounters | undefined): Sample[] {
  const { wantedState: wanted, basePriority, effectivePriority, lastTransitionSeconds } = instance;
  const labels = labelsOf(instance);
  return [
    ...(instance.state === undefined ? [] : stateSet(keepalivedVrrpState, vrrpStates, instance.state, labels)),
    ...(wanted === undefined ? [] : stateSet(keepalivedVrrpWantedState, vrrpStates, wanted, labels)),
    ...sampleKnown(keepalivedVrrpPriority, basePriority, { ...labels, kind: 'base' }),
    ...sampleKnown(keepalivedVrrpPriority, effectivePriority, { ...labels, kind: 'effective' }),
    ...sampleSettings(instance.settings, labels),
    ...sampleKnown(keepalivedVrrpLastTransitionTimestampSeconds, lastTransitionSeconds || undefined, labels),
    ...(counters === undefined ? [] : sampleCounters(counters, labels)),
  ];
}

/**
 * A VRRP instance whose keepalived or VRRP process does not run: it is in no state: every state is 0. The series stay, so
 * that "no master" can be distinguished from "not asked".
 */
export function sampleStoppedInstance(instance: VrrpInstance): Sample[] {
  return stateSet(keepalivedVrrpState, vrrpStates, 'unknown', labelsOf(instance));
}

export type InstanceLabels = Readonly<Record<(typeof instanceLabels)[number], string>>;

export function labelsOf({ name, interface: interfaceName, vrid, family }: VrrpInstance): InstanceLabels {
  return { instance_name: name, interface: interfaceName, vrid: vrid === undefined ? '' : String(vrid), family };
}

function sampleSettings(settings: VrrpSettings, labels: InstanceLabels): Sample[] {
  const { version, authentication, advertisementSeconds, unicastPeers } = settings;
  const info = { version: String(version ?? ''), authentication: authentication ?? '' };
  return [
    sample(keepalivedVrrpInfo, 1, { ...labels, ...info }),
    ...sampleKnown(keepalivedVrrpAdvertisementIntervalSeconds, advertisementSeconds, labels),
    ...sampleKnown(keepalivedVrrpUnicastPeers, unicastPeers?.length, labels),
    ...(unicastPeers ?? []).map((peer) => sample(keepalivedVrrpUnicastPeerInfo, 1, { ...labels, peer })),
  ];
}

function sampleCounters({ errors: refused, ...counts }: VrrpCounters, labels: InstanceLabels): Sample[] {
  const names = Object.keys(totals) as (keyof typeof totals)[];
  return [
    ...names.flatMap((name) => sampleKnown(totals[name], counts[name], labels)),
    ...[...refused].map(([kind, count]) => sample(keepalivedVrrpErrorsTotal, count, { ...labels, kind })),
  ];
}
