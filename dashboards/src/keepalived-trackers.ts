import { keepalivedVrrpWantedState } from '../../src/collectors/keepalived/metrics.ts';
import { keepalivedScriptState, keepalivedSyncGroupState } from '../../src/collectors/keepalived/tracker-metrics.ts';
import { vrrpStates } from '../../src/parsers/keepalived/vrrp/vrrp-instance.ts';
import { scriptStates } from '../../src/parsers/keepalived/vrrp/vrrp-trackers.ts';
import { changing, largest, lowest } from './choice.ts';
import { colours } from './colours.ts';
import { runbook } from './links.ts';
import { own } from './query.ts';
import { machineName } from './short-names.ts';
import { stateTimeline } from './state-timeline.ts';
import { type Shown, stateMappings, stateNumber, valueMapping } from './states.ts';
import { timeSeries } from './time-series.ts';
import { noKeepalived, vrrpMappings } from './vrrp.ts';

const half = { width: 12, height: 6 } as const;

const scripts: Readonly<Record<(typeof scriptStates)[number], Shown>> = {
  idle: { text: 'Idle', color: colours.good },
  running: { text: 'Runs', color: colours.neutral },
  requested_termination: { text: 'Is asked to end', color: colours.warning },
  forcing_termination: { text: 'Is killed', color: colours.critical },
};

const upOrDown = [
  valueMapping({ 0: { text: 'Down', color: colours.critical }, 1: { text: 'Up', color: colours.good } }),
];
const noTracked = 'None is tracked, or no keepalived';

/** What moves priorities, or makes an instance faulty. */
export const trackerPanels = [
  stateTimeline({
    ...half,
    title: 'Tracked scripts, processes and BFD sessions',
    description: 'One that is down lowers the priority of its instances, or makes them faulty.',
    queries: [
      lowest(`keepalived_script_up{${own}}`, `Script {{script}} on ${machineName} {{daemon}}`),
      lowest(`keepalived_track_process_up{${own}}`, `Process {{process}} on ${machineName} {{daemon}}`),
      lowest(`keepalived_bfd_up{${own}}`, `BFD {{bfd}} on ${machineName} {{daemon}}`),
    ],
    mappings: upOrDown,
    noValue: noTracked,
    links: [runbook('KeepalivedScriptFailing')],
  }),
  stateTimeline({
    ...half,
    title: 'What the scripts do',
    description: 'A script that always runs or is killed takes longer than its timeout.',
    queries: [
      changing(
        stateNumber(keepalivedScriptState.name, own, 'state', scriptStates),
        `{{script}} on ${machineName} {{daemon}}`,
      ),
    ],
    mappings: stateMappings(scriptStates, { text: 'Not known', color: colours.unknown }, scripts),
    noValue: noTracked,
  }),
  stateTimeline({
    ...half,
    title: 'Sync groups',
    description: 'Instances of a group change their state together.',
    queries: [
      changing(
        stateNumber(keepalivedSyncGroupState.name, own, 'state', vrrpStates),
        `{{group}} on ${machineName} {{daemon}}`,
      ),
    ],
    mappings: vrrpMappings,
    noValue: 'No sync groups, or no keepalived',
  }),
  stateTimeline({
    ...half,
    title: 'Wanted state',
    description: 'Where keepalived wants an instance to be. Other than its state for long: something holds it back.',
    queries: [
      changing(
        stateNumber(keepalivedVrrpWantedState.name, own, 'state', vrrpStates),
        `{{instance_name}} on ${machineName} {{daemon}}`,
      ),
    ],
    mappings: vrrpMappings,
    noValue: noKeepalived,
  }),
  timeSeries({
    ...half,
    title: 'Tracked files',
    description: 'The number in each of them. It moves priorities by its weight.',
    unit: 'none',
    queries: [largest(`keepalived_track_file_status{${own}}`, `{{file}} on ${machineName} {{daemon}}`)],
    noValue: noTracked,
  }),
  timeSeries({
    ...half,
    title: 'Tracked processes',
    description: 'How many there are of each.',
    unit: 'none',
    queries: [largest(`keepalived_track_process_processes{${own}}`, `{{process}} on ${machineName} {{daemon}}`)],
    noValue: noTracked,
  }),
];
