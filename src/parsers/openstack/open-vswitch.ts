import type { JsonBounds } from '../bounded-json.ts';
import { elements, type JsonPlace, member, parseJson, unexpectedValue } from '../json-place.ts';
import { readLimits, readOptionalRows, type ZoneLimits } from './zone-limits.ts';

/** What the database of Open vSwitch has on its bridges, ports and interfaces. */
export interface OpenVSwitch {
  readonly interfaces: readonly OpenVSwitchInterface[];
  /** The VLAN tag of the network of a port on this machine, by the port's name. */
  readonly tags: ReadonlyMap<string, number>;
  /** What ovn-controller has zones for: logical ports, whose names are those of Neutron's ports, and routers. */
  readonly zones: readonly { readonly owner: string; readonly zone: number }[];
  readonly limits: ZoneLimits;
}

/** An interface that Neutron or libvirt plugged in. */
export interface OpenVSwitchInterface {
  readonly name: string;
  /** UUID of the port. */
  readonly portId: string;
  readonly mac: string;
  /** UUID of the virtual machine; empty where it was not noted. */
  readonly vmId: string;
}

/** A port, with all that is noted on it and its zone, has some 70 values. */
export const openVSwitchBounds: JsonBounds = { values: 2 ** 20 };

/**
 * Parses the answer of ovsdb-server to the request in src/host/ovsdb.ts (RFC 7047, 4.1.3 and 5.2.2):
 * `{"result":[{"rows":[{"name":"br-int","external_ids":["map",[["ct-zone-…","3"]]]}]},…],"error":null}`.
 */
export function parseOpenVSwitch(text: string): OpenVSwitch {
  const answer = parseJson(text, 'answer', openVSwitchBounds);
  const { value: error } = member(answer, 'error');
  if (error !== null) throw unexpectedValue('answer.error', 'null', error);
  const results = elements(member(answer, 'result'));
  const [bridges = [], ports = [], interfaces = []] = results.slice(0, 3).map((one) => elements(member(one, 'rows')));
  return {
    interfaces: interfaces.flatMap(readInterface),
    tags: new Map(ports.flatMap(readTag)),
    zones: bridges.flatMap(readZones),
    limits: readLimits(results.slice(3).map(readOptionalRows)),
  };
}

/** Internal ones are those of the machine itself and of namespaces of Neutron, such as its DHCP servers. */
function readInterface(row: JsonPlace): OpenVSwitchInterface[] {
  const ids = readMap(member(row, 'external_ids'));
  const portId = ids.get('iface-id')?.toLowerCase();
  if (portId === undefined || member(row, 'type').value === 'internal') return [];
  return [
    {
      name: textOf(member(row, 'name')),
      portId,
      mac: (ids.get('attached-mac') ?? '').toLowerCase(),
      // os-vif notes the first, libvirt the second.
      vmId: (ids.get('vm-uuid') ?? ids.get('vm-id') ?? '').toLowerCase(),
    },
  ];
}

/** Neutron's agent takes the zone from `other_config` (`get_tag_from_other_config()`); the tag itself it sets later. */
function readTag(row: JsonPlace): [string, number][] {
  const noted = readMap(member(row, 'other_config')).get('tag') ?? member(row, 'tag').value;
  const tag = Number(Array.isArray(noted) ? Number.NaN : noted);
  return tag >= 1 && tag <= lastTag ? [[textOf(member(row, 'name')), tag]] : [];
}

/** 4095 is what Neutron gives ports that are to have no traffic. */
const lastTag = 4094;

function readZones(row: JsonPlace): { owner: string; zone: number }[] {
  return [...readMap(member(row, 'external_ids'))].flatMap(([key, value]) => {
    const [, owner] = /^ct-zone-(.+)$/.exec(key) ?? [];
    const zone = /^\d{1,5}$/.test(value) ? Number(value) : 0;
    return owner === undefined || zone === 0 ? [] : [{ owner, zone }];
  });
}

/** `["map",[["iface-id","1a2b…"]]]` */
function readMap(place: JsonPlace): ReadonlyMap<string, string> {
  const [, pairs] = elements(place);
  return new Map(
    (pairs ? elements(pairs) : []).map((pair) => {
      const [key, value] = elements(pair).map(textOf);
      return [key ?? '', value ?? ''];
    }),
  );
}

function textOf({ path, value }: JsonPlace): string {
  if (typeof value !== 'string') throw unexpectedValue(path, 'a text', value);
  return value;
}
