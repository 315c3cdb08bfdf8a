import type { Collector } from '../collector.ts';
import { sourceInfo } from '../exporter-metrics.ts';
import type { DumpKind, Keepalived } from '../host.ts';
import { gauge, type Sample, sample, stateSet } from '../metric.ts';
import {
  type KeepalivedData,
  parseKeepalivedData,
  scriptStates,
  type VrrpScript,
  type VrrpSyncGroup,
} from '../parsers/keepalived-data.ts';
import { parseKeepalivedJson } from '../parsers/keepalived-json.ts';
import { parseKeepalivedStats } from '../parsers/keepalived-stats.ts';
import { ParseError } from '../parsers/parse-error.ts';
import { type VrrpCounters, type VrrpInstance, vrrpStates } from '../parsers/vrrp-instance.ts';
import { sampleStoppedInstance, sampleVrrpInstance, vrrpMetrics } from './vrrp-samples.ts';

const up = gauge('keepalived_up', "Whether keepalived's parent process runs in this network namespace.");
const info = gauge('keepalived_info', 'Version of the keepalived that runs. Always 1.', ['version']);
const scriptUp = gauge(
  'keepalived_script_up',
  'Whether the last result of a tracked script counts as good. Absent until its first run has ended.',
  ['script'],
);
const scriptState = gauge('keepalived_script_state', 'What a tracked script does at the moment.', ['script', 'state']);
const syncGroupState = gauge('keepalived_sync_group_state', 'Which state a VRRP sync group is in.', ['group', 'state']);
const dumpTimestamp = gauge(
  'keepalived_dump_timestamp_seconds',
  'When keepalived wrote a dump that values come from. An old one: it no longer answers.',
  ['dump'],
);

/**
 * VRRP as keepalived's dumps tell of it. Of two dumps that tell the same thing the newer one counts: the JSON dump and
 * the data for the instances, the JSON dump and the statistics for the counters. Scripts and sync groups are in the data
 * alone.
 *
 * The JSON dump is preferred: it is written last, and all its values are of one moment.
 */
export const keepalived: Collector = {
  name: 'keepalived',
  help: 'keepalived: VRRP instances, sync groups and scripts from its dumps keepalived.json, keepalived.data and keepalived.stats.',
  schedule: '*/15 * * * * *',
  metrics: [up, info, ...vrrpMetrics, scriptUp, scriptState, syncGroupState, dumpTimestamp],
  async collect(host) {
    const { running, version, dumps } = await host.keepalived();
    return [
      sample(up, running ? 1 : 0),
      ...(version === undefined ? [] : [sample(info, 1, { version })]),
      ...(running ? sampleDumps(dumps) : sampleLastDumps(dumps)),
    ];
  },
};

type Dumps = Keepalived['dumps'];

function sampleDumps(dumps: Dumps): Sample[] {
  const { kind, instances } = readInstances(dumps);
  const data = parse(dumps, 'data', parseKeepalivedData);
  const { kind: countersKind, counters } = readCounters(dumps);
  const used = [...new Set([kind, countersKind, data && ('data' as const)])].filter((one) => one !== undefined);
  return [
    ...instances.flatMap((instance) => sampleVrrpInstance(instance, counters.get(instance.name))),
    ...(data ? sampleData(data) : []),
    ...used.flatMap((one) => sampleTimestamp(dumps, one)),
    ...used.map((source) => sample(sourceInfo, 1, { collector: 'keepalived', source })),
  ];
}

/** Of what a keepalived wrote that no longer runs, only which instances it had still counts. */
function sampleLastDumps(dumps: Dumps): Sample[] {
  const { kind, instances } = readInstances(dumps);
  return [...instances.flatMap(sampleStoppedInstance), ...(kind === undefined ? [] : sampleTimestamp(dumps, kind))];
}

function readInstances(dumps: Dumps): { kind: DumpKind | undefined; instances: readonly VrrpInstance[] } {
  const kind = newest(dumps, 'json', 'data');
  const fromData = parse(dumps, 'data', parseKeepalivedData)?.instances ?? [];
  if (kind !== 'json') return { kind, instances: fromData };
  // The JSON dump does not tell the family of an instance without addresses.
  const families = new Map(fromData.map(({ name, family }) => [name, family]));
  const instances = parse(dumps, 'json', parseKeepalivedJson) ?? [];
  return { kind, instances: instances.map((one) => ({ ...one, family: families.get(one.name) ?? one.family })) };
}

function readCounters(dumps: Dumps): { kind: DumpKind | undefined; counters: ReadonlyMap<string, VrrpCounters> } {
  const kind = newest(dumps, 'json', 'stats');
  if (kind !== 'json') return { kind, counters: parse(dumps, 'stats', parseKeepalivedStats) ?? new Map() };
  const instances = parse(dumps, 'json', parseKeepalivedJson) ?? [];
  const counted = instances.flatMap(({ name, counters }) => (counters ? [[name, counters] as const] : []));
  return { kind, counters: new Map(counted) };
}

/** The kind that was written last, the first of equals. */
function newest(dumps: Dumps, ...kinds: readonly DumpKind[]): DumpKind | undefined {
  const present = kinds.filter((kind) => dumps[kind] !== undefined);
  const age = (kind: DumpKind) => -(dumps[kind]?.modifiedSeconds ?? 0);
  return present.sort((one, other) => age(one) - age(other))[0];
}

/** A parse error is told with the name of the dump. */
function parse<T>(dumps: Dumps, kind: DumpKind, parser: (text: string) => T): T | undefined {
  const dump = dumps[kind];
  if (!dump) return undefined;
  try {
    return parser(dump.text);
  } catch (error) {
    if (error instanceof ParseError) throw new Error(`keepalived.${kind}: ${error.message}`, { cause: error });
    throw error;
  }
}

function sampleData({ scripts, syncGroups }: KeepalivedData): Sample[] {
  return [...scripts.flatMap(sampleScript), ...syncGroups.flatMap(sampleSyncGroup)];
}

function sampleScript({ name, status, state }: VrrpScript): Sample[] {
  return [
    ...(status === 'unknown' ? [] : [sample(scriptUp, status === 'good' ? 1 : 0, { script: name })]),
    ...(state === undefined ? [] : stateSet(scriptState, scriptStates, state, { script: name })),
  ];
}

function sampleSyncGroup({ name, state }: VrrpSyncGroup): Sample[] {
  return stateSet(syncGroupState, vrrpStates, state, { group: name });
}

function sampleTimestamp(dumps: Dumps, kind: DumpKind): Sample[] {
  const dump = dumps[kind];
  return dump ? [sample(dumpTimestamp, dump.modifiedSeconds, { dump: kind })] : [];
}
