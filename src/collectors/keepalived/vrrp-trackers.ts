import type { KeepalivedData, VrrpSyncGroup } from '../../parsers/keepalived/data.ts';
import { type TrackedProcess, vrrpStates } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';
import { scriptStates, type VrrpScript } from '../../parsers/keepalived/vrrp/vrrp-trackers.ts';
import { type Sample, sample, sampleKnown, stateSet } from '../../scrape/metric.ts';
import {
  keepalivedBfdUp,
  keepalivedScriptState,
  keepalivedScriptUp,
  keepalivedSyncGroupState,
  keepalivedTrackFileStatus,
  keepalivedTrackProcessProcesses,
  keepalivedTrackProcessUp,
} from './tracker-metrics.ts';

/** What VRRP instances track. */
export function sampleTrackers({ scripts, trackedFiles, bfds }: KeepalivedData): Sample[] {
  return [
    ...scripts.flatMap(sampleScript),
    ...trackedFiles.flatMap(({ name, status }) => sampleKnown(keepalivedTrackFileStatus, status, { file: name })),
    ...bfds.flatMap(({ name, up }) => sampleKnown(keepalivedBfdUp, up, { bfd: name })),
  ];
}

export function sampleTrackedProcess({ name, processes: count, hasQuorum }: TrackedProcess): Sample[] {
  return [
    ...sampleKnown(keepalivedTrackProcessUp, hasQuorum, { process: name }),
    ...sampleKnown(keepalivedTrackProcessProcesses, count, { process: name }),
  ];
}

export function sampleSyncGroup({ name, state }: VrrpSyncGroup): Sample[] {
  return state === undefined ? [] : stateSet(keepalivedSyncGroupState, vrrpStates, state, { group: name });
}

function sampleScript({ name, status, state }: VrrpScript): Sample[] {
  return [
    ...(status === 'unknown' ? [] : [sample(keepalivedScriptUp, status === 'good' ? 1 : 0, { script: name })]),
    ...(state === undefined ? [] : stateSet(keepalivedScriptState, scriptStates, state, { script: name })),
  ];
}
