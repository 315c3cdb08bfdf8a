import type { DumpKind, Keepalived } from '../../host/host.ts';
import { parseFrom } from '../../host/read.ts';
import { type KeepalivedData, parseKeepalivedData } from '../../parsers/keepalived/data.ts';
import { type KeepalivedJson, parseKeepalivedJson } from '../../parsers/keepalived/json.ts';
import { parseKeepalivedStats } from '../../parsers/keepalived/stats.ts';
import type { VrrpAddress, VrrpCounters, VrrpInstance } from '../../parsers/keepalived/vrrp-instance.ts';

/** What the dumps of one keepalived tell of VRRP. */
export interface VrrpReading {
  readonly instances: readonly VrrpInstance[];
  /** When the dump was written that the instances are from, in Unix seconds. */
  readonly instancesSeconds: number;
  /** By the name of the instance. */
  readonly counters: ReadonlyMap<string, VrrpCounters>;
  readonly data: KeepalivedData | undefined;
  readonly json: KeepalivedJson | undefined;
  /** The dumps that something is taken from. */
  readonly kinds: readonly DumpKind[];
}

/**
 * Of two dumps that tell the same thing the newer one counts: the JSON dump and the data for the instances, the JSON
 * dump and the statistics for the counters. What is tracked, and sync groups, are in the data.
 *
 * The JSON dump is preferred: it is written last, and all its values are of one moment.
 */
export function readVrrp(dumps: Keepalived['dumps']): VrrpReading {
  const json = parseDump(dumps, 'json', parseKeepalivedJson);
  const data = parseDump(dumps, 'data', parseKeepalivedData);
  const stats = parseDump(dumps, 'stats', parseKeepalivedStats);
  const instancesKind = newest(dumps, 'json', 'data');
  const countersKind = newest(dumps, 'json', 'stats');
  const kinds = [instancesKind, countersKind, data && ('data' as const)].filter((kind) => kind !== undefined);
  const fromData = data?.instances ?? [];
  const fromJson = json?.instances ?? [];
  return {
    instances: instancesKind === 'json' ? complete(fromJson, fromData) : fromData,
    instancesSeconds: (instancesKind && dumps[instancesKind]?.modifiedSeconds) ?? 0,
    counters: countersKind === 'json' ? countersOf(fromJson) : (stats ?? new Map()),
    data,
    json,
    kinds: [...new Set(kinds)],
  };
}

/**
 * What the JSON dump does not tell: the family of an instance without addresses, and before keepalived 2.0.11 where
 * an address is set.
 */
function complete(instances: readonly VrrpInstance[], fromData: readonly VrrpInstance[]): VrrpInstance[] {
  const known = new Map(fromData.map((instance) => [instance.name, instance]));
  return instances.map((instance) => {
    const { family, addresses } = known.get(instance.name) ?? instance;
    return { ...instance, family, addresses: instance.addresses.flatMap((one) => placeAddress(one, addresses)) };
  });
}

/** An instance may set one address on several interfaces. */
function placeAddress(address: VrrpAddress, known: readonly VrrpAddress[]): readonly VrrpAddress[] {
  const placed = address.interface === '' ? known.filter((one) => one.address === address.address) : [];
  return placed.length === 0 ? [address] : placed;
}

function countersOf(instances: readonly VrrpInstance[]): ReadonlyMap<string, VrrpCounters> {
  return new Map(instances.flatMap(({ name, counters }) => (counters ? [[name, counters] as const] : [])));
}

/** The kind that was written last, the first of equals. */
function newest(dumps: Keepalived['dumps'], ...kinds: readonly DumpKind[]): DumpKind | undefined {
  const present = kinds.filter((kind) => dumps[kind] !== undefined);
  const age = (kind: DumpKind) => -(dumps[kind]?.modifiedSeconds ?? 0);
  return present.sort((one, other) => age(one) - age(other))[0];
}

function parseDump<T>(dumps: Keepalived['dumps'], kind: DumpKind, parse: (text: string) => T): T | undefined {
  const dump = dumps[kind];
  return dump && parseFrom(`keepalived.${kind}`, dump.text, parse);
}
