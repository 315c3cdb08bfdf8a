import { type VrrpState, vrrpStates } from '../../src/parsers/vrrp-instance.ts';
import { colours } from './colours.ts';
import type { PanelOptions, SizedPanel } from './panel.ts';
import { own, range, together } from './query.ts';
import { stateTimeline } from './state-timeline.ts';
import { type Shown, stateMappings, stateNumber } from './states.ts';

/** The labels by which series of one VRRP instance meet. */
export const vrrpInstance = 'job, instance, instance_name, interface, vrid, family';

/** What is said where there is nothing of keepalived. */
export const noKeepalived = 'No keepalived on these machines';
export const noAddresses = 'No virtual addresses of VRRP on these machines';

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
    queries: [
      range(stateNumber('keepalived_vrrp_state', own, 'state', vrrpStates), '{{instance_name}} on {{instance}}'),
    ],
    mappings: vrrpMappings,
    noValue: noKeepalived,
  });
}

/**
 * How many directors are master for each virtual address. A pair is found by its address: a VRID is unique on its
 * network segment alone.
 */
export const mastersOfAddress =
  `sum by (cluster, job, address) (keepalived_vrrp_address_bound{${together}} * 0 ` +
  `+ on (${vrrpInstance}) group_left () ` +
  `keepalived_vrrp_state{${together},state="master"})`;
