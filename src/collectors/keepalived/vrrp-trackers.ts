import {
  type KeepalivedData,
  scriptStates,
  type VrrpScript,
  type VrrpSyncGroup,
} from '../../parsers/keepalived/data.ts';
import { type TrackedProcess, vrrpStates } from '../../parsers/keepalived/vrrp-instance.ts';
import { gauge, type Sample, sample, stateSet } from '../../scrape/metric.ts';

const scriptUp = gauge(
  'keepalived_script_up',
  'Whether the last result of a tracked script counts as good. Absent until its first run has ended.',
  ['script'],
);
const scriptState = gauge('keepalived_script_state', 'What a tracked script does at the moment.', ['script', 'state']);
const fileStatus = gauge('keepalived_track_file_status', 'The number in a tracked file, as keepalived last read it.', [
  'file',
]);
const processUp = gauge(
  'keepalived_track_process_up',
  'Whether a tracked process runs as often as it has to: neither too few nor too many of them.',
  ['process'],
);
const processes = gauge('keepalived_track_process_processes', 'How many there are of a tracked process.', ['process']);
const bfdUp = gauge('keepalived_bfd_up', 'Whether a BFD session that VRRP tracks is up.', ['bfd']);
const syncGroupState = gauge('keepalived_sync_group_state', 'Which state a VRRP sync group is in.', ['group', 'state']);

export const vrrpTrackerMetrics = [
  scriptUp,
  scriptState,
  fileStatus,
  processUp,
  processes,
  bfdUp,
  syncGroupState,
] as const;

/** What VRRP instances track. */
export function sampleTrackers({ scripts, trackedFiles, bfds }: KeepalivedData): Sample[] {
  return [
    ...scripts.flatMap(sampleScript),
    ...trackedFiles.map(({ name, status }) => sample(fileStatus, status, { file: name })),
    ...bfds.flatMap(({ name, up }) => (up === undefined ? [] : [sample(bfdUp, up ? 1 : 0, { bfd: name })])),
  ];
}

export function sampleTrackedProcess({ name, processes: count, hasQuorum }: TrackedProcess): Sample[] {
  return [sample(processUp, hasQuorum ? 1 : 0, { process: name }), sample(processes, count, { process: name })];
}

export function sampleSyncGroup({ name, state }: VrrpSyncGroup): Sample[] {
  return stateSet(syncGroupState, vrrpStates, state, { group: name });
}

function sampleScript({ name, status, state }: VrrpScript): Sample[] {
  return [
    ...(status === 'unknown' ? [] : [sample(scriptUp, status === 'good' ? 1 : 0, { script: name })]),
    ...(state === undefined ? [] : stateSet(scriptState, scriptStates, state, { script: name })),
  ];
}
