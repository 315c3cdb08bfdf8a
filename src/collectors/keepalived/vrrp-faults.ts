import type { KeepalivedData } from '../../parsers/keepalived/data.ts';
import type { FaultTrackers } from '../../parsers/keepalived/vrrp/vrrp-fault.ts';
import type { VrrpInstance } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { keepalivedVrrpFaultInfo } from './metrics.ts';
import { labelsOf } from './vrrp.ts';

/** Why an instance is in FAULT. Nothing where the data do not show it, as before keepalived 2.0. */
export function sampleFaults(instance: VrrpInstance, data: KeepalivedData): Sample[] {
  if (instance.state !== 'fault') return [];
  return findCauses(instance.name, data).map((cause) =>
    sample(keepalivedVrrpFaultInfo, 1, { ...labelsOf(instance), ...cause }),
  );
}

interface Cause {
  readonly reason: string;
  /** The name of what fails. Empty where the reason names all there is. */
  readonly cause: string;
}

function findCauses(name: string, data: KeepalivedData): Cause[] {
  const own = findOwnCauses(name, data);
  const group = data.faults.get(name)?.group;
  if (own.length > 0 || group === undefined || !hasMemberWithCause(group, data)) return own;
  return [{ reason: 'sync_group', cause: group }];
}

function findOwnCauses(name: string, data: KeepalivedData): Cause[] {
  const known = data.faults.get(name);
  if (!known) return [];
  return [
    ...trackerKinds.flatMap((reason) => listFailing(reason, known.trackers, data)),
    ...known.faults.map((reason) => ({ reason, cause: '' })),
  ];
}

type TrackerKind = keyof FaultTrackers;
const trackerKinds: readonly TrackerKind[] = ['script', 'file', 'process', 'bfd'];

/** How to list the names of what fails. Without a weight, a file that holds another number than 0 does. */
const failing: Readonly<Record<TrackerKind, (data: KeepalivedData) => string[]>> = {
  script: ({ scripts }) => scripts.filter(({ status }) => status === 'bad').map(({ name }) => name),
  file: ({ trackedFiles }) => trackedFiles.filter(({ status = 0 }) => status !== 0).map(({ name }) => name),
  process: ({ trackedProcesses }) =>
    trackedProcesses.filter(({ hasQuorum }) => hasQuorum === false).map(({ name }) => name),
  bfd: ({ bfds }) => bfds.filter(({ up }) => up === false).map(({ name }) => name),
};

function listFailing(reason: TrackerKind, trackers: FaultTrackers, data: KeepalivedData): Cause[] {
  const names = new Set(failing[reason](data));
  return trackers[reason].filter((name) => names.has(name)).map((cause) => ({ reason, cause }));
}

/** All members of a group are in FAULT, also that whose cause the data do not show. */
function hasMemberWithCause(group: string, data: KeepalivedData): boolean {
  return data.instances.some(
    ({ name, state }) =>
      state === 'fault' && data.faults.get(name)?.group === group && findOwnCauses(name, data).length > 0,
  );
}
