import { expect } from 'vitest';

/** What a dump does not have. test/parsers/keepalived/vrrp has what takes instances to FAULT. */
export const nothing = {
  isBefore2: false,
  instances: [],
  faults: expect.any(Map),
  syncGroups: [],
  scripts: [],
  trackedFiles: [],
  trackedProcesses: [],
  bfds: [],
  skipped: { lines: 0, problems: [] },
};

/** A dump of one instance, one sync group and one script. */
export function dumpOf(instance: string, others = ''): string {
  return `------< Global definitions >------\n------< VRRP Topology >------\n${instance}${others}------< Interfaces >------\n`;
}

/** The smallest entry that an instance may have. */
export const smallest = ` VRRP Instance = VI_1
   State = MASTER
   Wantstate = MASTER
   Last transition = 1795395935.318359 (Mon Nov 23 01:05:35.318359 2026)
   Interface = eth0
   Virtual Router ID = 51
   Priority = 150
   Effective priority = 140
`;

/** What it is read as. */
export const smallestRead = {
  name: 'VI_1',
  interface: 'eth0',
  vrid: 51,
  family: 'ipv4',
  state: 'master',
  wantedState: 'master',
  basePriority: 150,
  effectivePriority: 140,
  lastTransitionSeconds: 1795395935.318359,
  addresses: [],
  settings: { version: undefined, advertisementSeconds: undefined, authentication: undefined, unicastPeers: [] },
  counters: undefined,
};
