import {
  asBoolean,
  asSeconds,
  asText,
  asWholeNumber,
  elements,
  type JsonPlace,
  member,
  parseJson,
  unexpected,
} from '../json-place.ts';
import { familyOf, parseVrrpAddress } from './vrrp-address.ts';
import type {
  TrackedProcess,
  VrrpAddress,
  VrrpCounters,
  VrrpErrorKind,
  VrrpInstance,
  VrrpState,
} from './vrrp-instance.ts';

/** What keepalived.json tells of VRRP. */
export interface KeepalivedJson {
  readonly instances: readonly VrrpInstance[];
  /** Only with `json_version 2`. */
  readonly trackedProcesses: readonly TrackedProcess[];
}

/**
 * Parses keepalived.json, as `vrrp_json_dump()` in keepalived/vrrp/vrrp_json.c writes it: an array of instances, or
 * with `json_version 2` (keepalived 2.2.8) an object that has it under `vrrp`.
 *
 * The dump does not say of which family an instance without an address is; it is taken for IPv4.
 */
export function parseKeepalivedJson(text: string): KeepalivedJson {
  const root = parseJson(text, 'vrrp');
  if (Array.isArray(root.value)) return { instances: elements(root).map(readInstance), trackedProcesses: [] };
  const processes = { ...member(root, 'track_process'), path: 'track_process' };
  return {
    instances: elements({ ...member(root, 'vrrp'), path: 'vrrp' }).map(readInstance),
    trackedProcesses: processes.value === undefined ? [] : elements(processes).map(readTrackedProcess),
  };
}

function readTrackedProcess(process: JsonPlace): TrackedProcess {
  return {
    name: asText(member(process, 'process')),
    processes: asWholeNumber(member(process, 'current_processes')),
    hasQuorum: asBoolean(member(process, 'have_quorum')),
  };
}

function readInstance(instance: JsonPlace): VrrpInstance {
  const data = member(instance, 'data');
  const interfaceName = member(data, 'ifp_ifname');
  const addresses = [...readAddresses(data, 'vips', false), ...readAddresses(data, 'evips', true)];
  return {
    name: asText(member(data, 'iname')),
    interface: interfaceName.value === undefined ? '' : asText(interfaceName),
    vrid: asWholeNumber(member(data, 'vrid'), 1, 255),
    family: familyOf(addresses),
    state: readState(member(data, 'state')),
    wantedState: readState(member(data, 'wantstate')),
    basePriority: asWholeNumber(member(data, 'base_priority'), 0, 255),
    effectivePriority: asWholeNumber(member(data, 'effective_priority'), 0, 255),
    lastTransitionSeconds: asSeconds(member(data, 'last_transition')),
    addresses,
    counters: readCounters(member(instance, 'stats')),
  };
}

/** `VRRP_STATE_*` in keepalived/include/vrrp.h. */
const statesByNumber: ReadonlyMap<unknown, VrrpState> = new Map([
  [0, 'init'],
  [1, 'backup'],
  [2, 'master'],
  [3, 'fault'],
  [97, 'deleted'],
  [98, 'stop'],
]);

function readState({ path, value }: JsonPlace): VrrpState {
  const state = statesByNumber.get(value);
  if (state === undefined) throw unexpected(path, `one of ${[...statesByNumber.keys()].join(', ')}`, value);
  return state;
}

/** An empty list is left out, but by keepalived 2.0. */
function readAddresses(data: JsonPlace, name: string, excluded: boolean): VrrpAddress[] {
  const list = member(data, name);
  return list.value === undefined ? [] : elements(list).map((place) => readAddress(place, excluded));
}

function readAddress(place: JsonPlace, excluded: boolean): VrrpAddress {
  const text = asText(place);
  const address = parseVrrpAddress(text, excluded);
  if (!address) throw unexpected(place.path, 'an address and its interface', text);
  return address;
}

function readCounters(stats: JsonPlace): VrrpCounters | undefined {
  if (stats.value === undefined) return undefined;
  const count = (name: string) => asWholeNumber(member(stats, name));
  const isCounted = (name: string) => member(stats, name).value !== undefined;
  return {
    becameMaster: count('become_master'),
    releasedMaster: count('release_master'),
    advertisementsReceived: count('advert_rcvd'),
    advertisementsSent: count('advert_sent'),
    priorityZeroReceived: count('pri_zero_rcvd'),
    priorityZeroSent: count('pri_zero_sent'),
    errors: new Map(errorNames.filter(([name]) => isCounted(name)).map(([name, kind]) => [kind, count(name)])),
  };
}

/** Those of authentication are left out by a keepalived that was built without it. */
const errorNames: readonly (readonly [string, VrrpErrorKind])[] = [
  ['packet_len_err', 'packet_length'],
  ['ip_ttl_err', 'ttl'],
  ['invalid_type_rcvd', 'invalid_type'],
  ['advert_interval_err', 'advertisement_interval'],
  ['addr_list_err', 'address_list'],
  ['invalid_authtype', 'invalid_authentication_type'],
  ['authtype_mismatch', 'authentication_type_mismatch'],
  ['auth_failure', 'authentication_failure'],
  ['auth_ext_missing', 'authentication_extension_missing'],
  ['auth_ext_malformed', 'authentication_extension_malformed'],
  ['auth_ext_unknown_key', 'authentication_extension_unknown_key'],
  ['auth_ext_invalid_hmac', 'authentication_extension_invalid_hmac'],
  ['auth_ext_stale', 'authentication_extension_stale'],
  ['auth_ext_replay', 'authentication_extension_replay'],
];
