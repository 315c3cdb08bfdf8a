import {
  heardOf,
  isMasterOf,
  mastersOf,
  type Pairs,
  type Select,
  shared,
  silentOf,
  withoutMaster,
  withSeveralMasters,
} from '../../alerts/src/vrrp-pairs.ts';
import { keepalivedVrrpAddressBound, keepalivedVrrpState } from '../../src/collectors/keepalived/metrics.ts';
import { type VrrpState, vrrpStates } from '../../src/parsers/keepalived/vrrp/vrrp-instance.ts';
import { changing } from './choice.ts';
import { colours } from './colours.ts';
import type { PanelOptions, SizedPanel } from './panel.ts';
import { countOrZero, own, together } from './query.ts';
import { machineName } from './short-names.ts';
import { stateTimeline } from './state-timeline.ts';
import { type Shown, stateMappings, stateNumber } from './states.ts';

/** A VRRP instance in a legend. Where a machine has several keepaliveds, its own is named. */
export const instanceName = `{{instance_name}} on ${machineName} {{daemon}}`;

/** What is shown where there is nothing of keepalived. */
export const noKeepalived = 'No keepalived';
export const noAddresses = 'No virtual addresses';

const shown: Readonly<Record<Exclude<VrrpState, 'unknown'>, Shown>> = {
  init: { text: 'Init', color: colours.passing },
  backup: { text: 'Backup', color: colours.backup },
  master: { text: 'Master', color: colours.master },
  fault: { text: 'Fault', color: colours.fault },
  stop: { text: 'Stopping', color: colours.passing },
  deleted: { text: 'Deleted', color: colours.passing },
};

export const vrrpMappings = stateMappings(vrrpStates, { text: 'Not running', color: colours.fault }, shown);

export function vrrpTimeline(size: Pick<PanelOptions, 'width' | 'height' | 'links'>): SizedPanel {
  return stateTimeline({
    ...size,
    title: 'VRRP state',
    description:
      'Of each pair one director is master and all others are backup. "Not running": keepalived ended, and this is ' +
      'what was configured.',
    queries: [changing(stateNumber(keepalivedVrrpState.name, own, 'state', vrrpStates), instanceName)],
    mappings: vrrpMappings,
    noValue: noKeepalived,
  });
}

const select: Select = (metric, ...matchers) => `${metric}{${[together, ...matchers].join(',')}}`;

/** As the alerts have it, without their recording rules. */
const pairs: Pairs = {
  masters: mastersOf(isMasterOf(select, shared)),
  silent: silentOf(select, select(keepalivedVrrpAddressBound.name, shared)),
  heard: heardOf(select),
};

const reported = `${pairs.masters} or ${pairs.silent}`;

/** Number of virtual addresses without a master, or with several: the condition of the alerts. */
export const withoutOneMaster = countOrZero(`${withoutMaster(pairs)} or ${withSeveralMasters(pairs)}`, reported);

/** A director receives advertisements of a master that no exporter reports. */
export const masterElsewhere = -1;

/** How many directors are master for each virtual address. */
export const mastersOfAddress = `${pairs.masters} > 0 or ${withoutMaster(pairs)} or (${reported}) * 0 + ${masterElsewhere}`;
