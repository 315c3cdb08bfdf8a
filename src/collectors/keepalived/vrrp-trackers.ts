import {
  type KeepalivedData,
  scriptStates,
  type VrrpScript,
  type VrrpSyncGroup,
} from '../../parsers/keepalived/data.ts';
import { type TrackedProcess, vrrpStates } from '../../parsers/keepalived/vrrp-instance.ts';
import { type Sample, sample, stateSet } from '../../scrape/metric.ts';
import {
  keepalivedBfdUp,
  keepalivedScriptState,
  keepalivedScriptUp,
  keepalivedSyncGroupState,
  keepalivedTrackFileStatus,
  keepalivedTrackProcessProcesses,
  keepalivedTrackProcessUp,
} from './metrics.ts';

/** What VRRP instances track. */
export function sampleTrackers({ scripts, trackedFiles, bfds }: KeepalivedData): Sample[] {
  return [
    ...scripts.flatMap(sampleScript),
    ...trackedFiles.map(({ name, status }) => sample(keepalivedTrackFileStatus, status, { file: name })),
    ...bfds.flatMap(({ name, up }) => (up === undefined ? [] : [sample(keepalivedBfdUp, up ? 1 : 0, { bfd: name })])),
  ];
}

export function sampleTrackedProcess({ name, processes: count, hasQuorum }: TrackedProcess): Sample[] {
  return [
    sample(keepalivedTrackProcessUp, hasQuorum ? 1 : 0, { process: name }),
    sample(keepalivedTrackProcessProcesses, count, { process: name }),
  ];
}

export function sampleSyncGroup({ name, state }: VrrpSyncGroup): Sample[] {
  return stateSet(keepalivedSyncGroupState, vrrpStates, state, { group: name });
}

function sampleScript({ name, status, state }: VrrpScript): Sample[] {
  return [
    ...(status === 'unknown' ? [] : [sample(keepalivedScriptUp, status === 'good' ? 1 : 0, { script: name })]),
    ...(state === undefined ? [] : stateSet(keepalivedScriptState, scriptStates, state, { script: name })),
  ];
}
