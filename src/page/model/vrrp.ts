import {
  keepalivedInfo,
  keepalivedProcessUp,
  keepalivedUp,
  keepalivedVrrpAddressBound,
  keepalivedVrrpErrorsTotal,
  keepalivedVrrpLastTransitionTimestampSeconds,
  keepalivedVrrpPriority,
  keepalivedVrrpState,
  keepalivedVrrpWantedState,
} from '../../collectors/keepalived/metrics.ts';
import { keepalivedScriptUp } from '../../collectors/keepalived/tracker-metrics.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Sample } from '../../scrape/metric.ts';

type Labels = Sample['labels'];

/** A VRRP instance as keepalived last reported it. */
export interface ListedInstance {
  readonly name: string;
  readonly interface: string;
  readonly vrid: string;
  readonly family: string;
  /** `master`; undefined when keepalived does not run. */
  readonly state: string | undefined;
  readonly wantedState: string | undefined;
  readonly priority: number | undefined;
  readonly basePriority: number | undefined;
  /** Unix time. */
  readonly sinceSeconds: number | undefined;
  /** Advertisements that it refused since keepalived started. */
  readonly errors: number;
  /** Its virtual addresses, and whether this machine has each of them. */
  readonly addresses: readonly { readonly address: string; readonly isBound: boolean }[];
}

/** One keepalived of those that run on a machine, or ran. */
export interface VrrpDaemon {
  /** What distinguishes it from others, by its configuration; undefined where there are no others. */
  readonly name: string | undefined;
  readonly isRunning: boolean;
  readonly version: string | undefined;
  /** Its processes that do not run and should: `vrrp`. */
  readonly missingProcesses: readonly string[];
}

export interface Vrrp {
  readonly daemons: readonly VrrpDaemon[];
  /** Those that are ill first. */
  readonly instances: readonly ListedInstance[];
  /** Tracked scripts whose last result counts as bad. */
  readonly failedScripts: readonly string[];
}

/** Undefined on a machine without keepalived. */
export function readVrrp(readings: Readings): Vrrp | undefined {
  const daemons = readings.all(keepalivedUp).map(({ labels, value }) => ({
    name: labels.daemon,
    isRunning: value === 1,
    version: readings.all(keepalivedInfo, ofDaemon(labels))[0]?.labels.version,
    missingProcesses: readings
      .all(keepalivedProcessUp, ofDaemon(labels))
      .flatMap((one) => (one.value === 0 ? [one.labels.process ?? ''] : [])),
  }));
  if (daemons.length === 0) return undefined;
  const failed = readings.all(keepalivedScriptUp).filter(({ value }) => value === 0);
  return {
    daemons,
    instances: listInstances(readings).sort((one, other) => Number(isWell(one)) - Number(isWell(other))),
    failedScripts: failed.map(({ labels }) => labels.script ?? ''),
  };
}

/** Master and backup are what an instance should be; which of them does not matter here. A master has its addresses. */
export function isWell({ state, wantedState, addresses }: ListedInstance): boolean {
  const isSettled = (state === 'master' || state === 'backup') && (wantedState ?? state) === state;
  return isSettled && addresses.every(({ isBound }) => isBound === (state === 'master'));
}

/** `Master` */
export function formatState(state = 'unknown'): string {
  return `${state.charAt(0).toUpperCase()}${state.slice(1)}`;
}

function listInstances(readings: Readings): ListedInstance[] {
  const instances = new Map(readings.all(keepalivedVrrpState).map(({ labels }) => [keyOf(labels), identityOf(labels)]));
  const states = currentStates(readings.all(keepalivedVrrpState));
  const wantedStates = currentStates(readings.all(keepalivedVrrpWantedState));
  return [...instances].map(([key, of]) => {
    const errors = readings.all(keepalivedVrrpErrorsTotal, of);
    return {
      name: of.instance_name ?? '',
      interface: of.interface ?? '',
      vrid: of.vrid ?? '',
      family: of.family ?? '',
      state: states.get(key),
      wantedState: wantedStates.get(key),
      priority: readings.value(keepalivedVrrpPriority, { ...of, kind: 'effective' }),
      basePriority: readings.value(keepalivedVrrpPriority, { ...of, kind: 'base' }),
      sinceSeconds: readings.value(keepalivedVrrpLastTransitionTimestampSeconds, of),
      errors: errors.reduce((sum, { value }) => sum + value, 0),
      addresses: readings
        .all(keepalivedVrrpAddressBound, of)
        .map(({ labels, value }) => ({ address: labels.address ?? '', isBound: value === 1 })),
    };
  });
}

/** The state that is 1 of each state set. */
function currentStates(samples: readonly Sample[]): Map<string, string> {
  const current = samples.filter(({ value }) => value === 1);
  return new Map(current.map(({ labels }) => [keyOf(labels), labels.state ?? '']));
}

function identityOf(labels: Labels): Labels {
  const { instance_name = '', interface: interfaceName = '', vrid = '', family = '' } = labels;
  return { instance_name, interface: interfaceName, vrid, family, ...ofDaemon(labels) };
}

function ofDaemon({ daemon }: Labels): Labels {
  return daemon === undefined ? {} : { daemon };
}

function keyOf(labels: Labels): string {
  return Object.values(identityOf(labels)).join(' ');
}
