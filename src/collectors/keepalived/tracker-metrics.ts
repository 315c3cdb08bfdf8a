import { gauge } from '../../scrape/metric.ts';

export const keepalivedScriptUp = gauge(
  'keepalived_script_up',
  'Whether the last result of a tracked script counts as good. Absent until its first run has ended.',
  ['script'],
);
export const keepalivedScriptState = gauge('keepalived_script_state', 'Present state of a tracked script.', [
  'script',
  'state',
]);
export const keepalivedTrackFileStatus = gauge(
  'keepalived_track_file_status',
  'Number in a tracked file, as keepalived last read it.',
  ['file'],
);
export const keepalivedTrackProcessUp = gauge(
  'keepalived_track_process_up',
  'Whether the number of instances of a tracked process is within its quorum.',
  ['process'],
);
export const keepalivedTrackProcessProcesses = gauge(
  'keepalived_track_process_processes',
  'Number of instances of a tracked process.',
  ['process'],
);
export const keepalivedBfdUp = gauge('keepalived_bfd_up', 'Whether a BFD session that VRRP tracks is up.', ['bfd']);
export const keepalivedSyncGroupState = gauge('keepalived_sync_group_state', 'State of a VRRP sync group.', [
  'group',
  'state',
]);

export const vrrpTrackerMetrics = [
  keepalivedScriptUp,
  keepalivedScriptState,
  keepalivedTrackFileStatus,
  keepalivedTrackProcessUp,
  keepalivedTrackProcessProcesses,
  keepalivedBfdUp,
  keepalivedSyncGroupState,
] as const;
