import { readFileSync } from 'node:fs';
import type { DumpKind } from '../../src/host/host.ts';
import type {
  VrrpCounters,
  VrrpErrorKind,
  VrrpInstance,
  VrrpSettings,
} from '../../src/parsers/keepalived/vrrp/vrrp-instance.ts';

/** A dump of test/fixtures/keepalived: `readDump('2.2.7/master', 'json')`. */
export function readDump(folder: string, kind: DumpKind): string {
  return readFileSync(new URL(`../fixtures/keepalived/${folder}/keepalived.${kind}`, import.meta.url), 'utf8');
}

const settingsOf2: VrrpSettings = {
  version: 2,
  advertisementSeconds: 1,
  authentication: 'none',
  unicastPeers: [],
};
const passwordOf2: VrrpSettings = { ...settingsOf2, authentication: 'simple_password' };
const settingsOf3: VrrpSettings = { ...settingsOf2, version: 3 };

/** The same of a JSON dump, which has no unicast peers. */
export function withoutPeers(instance: VrrpInstance): VrrpInstance {
  return { ...instance, settings: { ...instance.settings, unicastPeers: undefined } };
}

/** The instances of the first director, without counters. Only the times differ between the recordings. */
export function firstDirector(transitions: readonly [number, number, number, number]): VrrpInstance[] {
  const [web, web6, db, mail] = transitions;
  return [
    {
      name: 'VI_web',
      interface: 'eth0',
      vrid: 51,
      family: 'ipv4',
      state: 'master',
      wantedState: 'master',
      basePriority: 150,
      effectivePriority: 150,
      lastTransitionSeconds: web,
      addresses: [
        { address: '10.9.0.100', interface: 'eth0', excluded: false },
        { address: '10.9.0.101', interface: 'eth0', excluded: false },
        { address: '10.9.0.102', interface: 'eth0', excluded: true },
      ],
      settings: passwordOf2,
      counters: undefined,
    },
    {
      name: 'VI_web6',
      interface: 'eth0',
      vrid: 51,
      family: 'ipv6',
      state: 'master',
      wantedState: 'master',
      basePriority: 150,
      effectivePriority: 150,
      lastTransitionSeconds: web6,
      addresses: [
        { address: 'fe80::9:100', interface: 'eth0', excluded: false },
        { address: 'fd00:9::100', interface: 'eth0', excluded: false },
      ],
      settings: settingsOf3,
      counters: undefined,
    },
    {
      name: 'VI_db',
      interface: 'vrrp.52',
      vrid: 52,
      family: 'ipv4',
      state: 'backup',
      wantedState: 'backup',
      basePriority: 100,
      effectivePriority: 90,
      lastTransitionSeconds: db,
      addresses: [{ address: '10.9.0.120', interface: 'vrrp.52', excluded: false }],
      settings: settingsOf2,
      counters: undefined,
    },
    {
      name: 'VI_mail',
      interface: 'eth0',
      vrid: 53,
      family: 'ipv4',
      state: 'fault',
      wantedState: 'fault',
      basePriority: 100,
      effectivePriority: 100,
      lastTransitionSeconds: mail,
      addresses: [{ address: '10.9.0.130', interface: 'eth0', excluded: false }],
      settings: settingsOf2,
      counters: undefined,
    },
  ];
}

const differences: ReadonlyMap<string, Partial<VrrpInstance>> = new Map([
  ['VI_web', { state: 'backup', wantedState: 'backup', basePriority: 100, effectivePriority: 100 }],
  ['VI_web6', { state: 'backup', wantedState: 'backup', basePriority: 100, effectivePriority: 100 }],
  ['VI_db', { state: 'master', wantedState: 'master', basePriority: 150, effectivePriority: 140 }],
  ['VI_mail', { basePriority: 150, effectivePriority: 150 }],
]);

/** The same for 2.2.7/backup, the second director. */
export const secondDirector: readonly VrrpInstance[] = firstDirector([
  1795395931.968545, 1795395931.977344, 1795395935.399139, 1795395931.984618,
]).map((instance) => ({ ...instance, ...differences.get(instance.name) }));

export const errorKinds: readonly VrrpErrorKind[] = [
  'packet_length',
  'ttl',
  'invalid_type',
  'advertisement_interval',
  'address_list',
  'invalid_authentication_type',
  'authentication_type_mismatch',
  'authentication_failure',
];

/** From keepalived 2.4 on. */
export const extensionErrorKinds: readonly VrrpErrorKind[] = [
  'authentication_extension_missing',
  'authentication_extension_malformed',
  'authentication_extension_unknown_key',
  'authentication_extension_invalid_hmac',
  'authentication_extension_stale',
  'authentication_extension_replay',
];

/** What an instance had counted when it was recorded: its role's advertisements, and no errors. */
export function counted(
  role: 'master' | 'backup' | 'fault',
  advertisements = 4,
  kinds: readonly VrrpErrorKind[] = errorKinds,
): VrrpCounters {
  return {
    becameMaster: role === 'master' ? 1 : 0,
    releasedMaster: 0,
    advertisementsReceived: role === 'backup' ? advertisements : 0,
    advertisementsSent: role === 'master' ? advertisements : 0,
    priorityZeroReceived: 0,
    priorityZeroSent: 0,
    errors: new Map(kinds.map((kind) => [kind, 0])),
  };
}
