import {
  asBoolean,
  asSeconds,
  asText,
  asWholeNumber,
  elements,
  type JsonPlace,
  member,
  parseJson,
  unexpectedValue,
} from '../json-place.ts';
import { readJsonCounters } from './json-counters.ts';
import { type Attempt, createSkipped, type Skipped } from './skipped.ts';
import { familyOf, parseVrrpAddress } from './vrrp/vrrp-address.ts';
import type { TrackedProcess, VrrpAddress, VrrpInstance, VrrpState } from './vrrp/vrrp-instance.ts';
import { readJsonSettings } from './vrrp/vrrp-settings.ts';

/** Content of keepalived.json on VRRP. */
export interface KeepalivedJson {
  readonly instances: readonly VrrpInstance[];
  /** Only with `json_version 2`. */
  readonly trackedProcesses: readonly TrackedProcess[];
  readonly skipped: Skipped;
}

/**
 * Parses keepalived.json, as `vrrp_json_dump()` in keepalived/vrrp/vrrp_json.c writes it: an array of instances, or
 * with `json_version 2` (keepalived 2.2.8) an object that has it under `vrrp`. A malformed member costs that member.
 *
 * The dump lacks the family of an instance without an address, which counts as IPv4.
 *
 * @throws ParseError where the text is not such an array or object, as one that was cut off.
 */
export function parseKeepalivedJson(text: string, isBefore2 = false): KeepalivedJson {
  const { attempt, summary } = createSkipped();
  const root = parseJson(repairJson(text), 'vrrp');
  const isList = Array.isArray(root.value);
  const list = isList ? root : { ...member(root, 'vrrp'), path: 'vrrp' };
  const processes = isList ? undefined : { ...member(root, 'track_process'), path: 'track_process' };
  const states = isBefore2 ? statesBefore2 : statesByNumber;
  return {
    instances: elements(list).flatMap((one) => attempt(() => readInstance(one, states, attempt)) ?? []),
    trackedProcesses:
      processes?.value === undefined
        ? []
        : (attempt(() => elements(processes)) ?? []).flatMap((one) => attempt(() => readProcess(one, attempt)) ?? []),
    skipped: summary(),
  };
}

/**
 * `jsonw_puts()` in lib/json_writer.c of keepalived escapes too much up to 2.0.16, an apostrophe, and too little up to 2.3.4:
 * control characters. Up to 2.0.18 it prints the memory beside the name of a tracked interface, which is full of them.
 */
function repairJson(text: string): string {
  if (!/(?![\t\n\r])\p{Cc}|\\'/u.test(text)) return text;
  return text.replace(/\\.|(?![\t\n\r])\p{Cc}/gu, (found) => {
    if (found === "\\'") return "'";
    return found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function readProcess(process: JsonPlace, attempt: Attempt): TrackedProcess {
  return {
    name: asText(member(process, 'process')),
    processes: attempt(() => asWholeNumber(member(process, 'current_processes'))),
    hasQuorum: attempt(() => asBoolean(member(process, 'have_quorum'))),
  };
}

type States = ReadonlyMap<unknown, VrrpState>;

function readInstance(instance: JsonPlace, states: States, attempt: Attempt): VrrpInstance {
  const data = member(instance, 'data');
  const read = <T>(name: string, value: (place: JsonPlace) => T) => attempt(() => value(member(data, name)));
  const readNumber = (name: string, min: number) => read(name, (place) => asWholeNumber(place, min, 255));
  const addresses = [...readAddresses(data, 'vips', false, attempt), ...readAddresses(data, 'evips', true, attempt)];
  return {
    name: asText(member(data, 'iname')),
    interface: read('ifp_ifname', (place) => (place.value === undefined ? '' : asText(place))) ?? '',
    vrid: readNumber('vrid', 1),
    family: familyOf(addresses),
    state: read('state', (place) => readState(place, states)),
    wantedState: read('wantstate', (place) => readState(place, states)),
    basePriority: readNumber('base_priority', 0),
    effectivePriority: readNumber('effective_priority', 0),
    lastTransitionSeconds: read('last_transition', readTransition),
    addresses,
    settings: readJsonSettings(data, attempt),
    counters: readJsonCounters(member(instance, 'stats'), attempt),
  };
}

/** `VRRP_STATE_*` in keepalived/include/vrrp.h. */
const statesByNumber: States = new Map([
  [0, 'init'],
  [1, 'backup'],
  [2, 'master'],
  [3, 'fault'],
  [97, 'deleted'],
  [98, 'stop'],
]);

/** The same numbers before keepalived 2.0, where some stand for the way to another state: see vrrp-block.ts. */
const statesBefore2: States = new Map([...statesByNumber, [4, 'backup'], [96, 'master'], [97, 'stop'], [98, 'fault']]);

function readState({ path, value }: JsonPlace, states: States): VrrpState {
  const state = states.get(value);
  if (state === undefined) throw unexpectedValue(path, `one of ${[...states.keys()].join(', ')}`, value);
  return state;
}

/** keepalived 2.0.11 to 2.0.16 print six digits of it, `1.79582e+09`: up to 5,000 s off. The data have all of them. */
function readTransition(place: JsonPlace): number | undefined {
  const seconds = asSeconds(place);
  return seconds >= 1e9 && seconds % 10_000 === 0 ? undefined : seconds;
}

/** An empty list is left out, except by keepalived 2.0. */
function readAddresses(data: JsonPlace, name: string, excluded: boolean, attempt: Attempt): VrrpAddress[] {
  const list = member(data, name);
  const places = list.value === undefined ? [] : (attempt(() => elements(list)) ?? []);
  return places.flatMap((place) => attempt(() => readAddress(place, excluded)) ?? []);
}

function readAddress(place: JsonPlace, excluded: boolean): VrrpAddress {
  const text = asText(place);
  const address = parseVrrpAddress(text, excluded);
  if (!address) throw unexpectedValue(place.path, 'an address and its interface', text);
  return address;
}
