import { type Dump, type DumpKind, dumpKinds, type Keepalived } from '../../host/host.ts';
import { withSource } from '../../host/read.ts';
import type { KeepalivedData } from '../../parsers/keepalived/data.ts';
import type { KeepalivedJson } from '../../parsers/keepalived/json.ts';
import { parseOnce } from '../../parsers/keepalived/parse-once.ts';
import type { VrrpCounters, VrrpInstance } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';
import { ParseError } from '../../parsers/parse-error.ts';
import { completeInstances } from './complete.ts';

/** VRRP by the dumps of one keepalived. */
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
  /** How many lines of each dump could not be read. */
  readonly skipped: ReadonlyMap<DumpKind, number>;
}

/**
 * Of two dumps with the same information the newer one counts: the JSON dump and the data for the instances, the JSON
 * dump and the statistics for the counters. What is tracked, and sync groups, are in the data.
 *
 * The JSON dump is preferred: it is written last, and all its values are of one moment. If it is not JSON, the other two
 * stand in for it.
 */
export function readVrrpDumps(dumps: Keepalived['dumps']): VrrpReading {
  const skipped = new Map<DumpKind, number>();
  const parse = <T extends Parsed>(kind: DumpKind, read: (dump: Dump) => T) => parseDump(dumps, kind, read, skipped);
  const data = parse('data', parseOnce.data);
  const json = parse('json', data?.isBefore2 ? parseOnce.jsonBefore2 : parseOnce.json);
  const stats = parse('stats', parseOnce.stats);
  const instancesKind = newest(dumps, { json, data });
  const countersKind = newest(dumps, { json, stats });
  const kinds = [instancesKind, countersKind, data && ('data' as const)].filter((kind) => kind !== undefined);
  const fromData = data?.instances ?? [];
  const fromJson = json ? completeInstances(json, fromData) : [];
  return {
    instances: instancesKind === 'json' ? fromJson : fromData,
    instancesSeconds: (instancesKind && dumps[instancesKind]?.modifiedSeconds) ?? 0,
    counters: countersKind === 'json' ? countersOf(fromJson) : (stats?.counters ?? new Map()),
    data,
    json,
    kinds: [...new Set(kinds)],
    skipped,
  };
}

function countersOf(instances: readonly VrrpInstance[]): ReadonlyMap<string, VrrpCounters> {
  return new Map(instances.flatMap(({ name, counters }) => (counters ? [[name, counters] as const] : [])));
}

type Parsed = Pick<KeepalivedData, 'skipped'>;

/** The kind that was written last, the first of equals. */
function newest(
  dumps: Keepalived['dumps'],
  parsed: Partial<Record<DumpKind, Parsed | undefined>>,
): DumpKind | undefined {
  const present = dumpKinds.filter((kind) => parsed[kind] !== undefined);
  const age = (kind: DumpKind) => -(dumps[kind]?.modifiedSeconds ?? 0);
  return present.sort((one, other) => age(one) - age(other))[0];
}

/** A dump of which nothing can be read counts as one skipped line, where another one stands in for it. */
function parseDump<T extends Parsed>(
  dumps: Keepalived['dumps'],
  kind: DumpKind,
  parse: (dump: Dump) => T,
  skipped: Map<DumpKind, number>,
): T | undefined {
  const dump = dumps[kind];
  if (!dump) return undefined;
  try {
    const parsed = parse(dump);
    skipped.set(kind, parsed.skipped.lines);
    return parsed;
  } catch (error) {
    if (!(error instanceof ParseError) || !dumps.data) throw withSource(`keepalived.${kind}`, error);
    skipped.set(kind, 1);
    return undefined;
  }
}
