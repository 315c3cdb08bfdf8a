import { conntrackBuckets, conntrackEntries, conntrackEntriesLimit } from '../../../collectors/conntrack-metrics.ts';
import { equilibriumEntries } from '../../../collectors/conntrack-table/metrics.ts';
import { lvsHostNetworkNamespace, lvsPlatformMemoryBytes } from '../../../collectors/platform/metrics.ts';
import { bytesPerBucket, bytesPerEntry, limitFor, tableMemory } from '../../../plan/sizing.ts';
import { bytes, count } from '../../../readings/format.ts';
import type { Readings } from '../../../readings/readings.ts';
import { type Change, sysctlPlan } from '../../commands/sysctl.ts';
import { isNone, mapSome, type Plan, type RemedyKind, type Some } from '../../remedy.ts';

const limitSetting = 'net.netfilter.nf_conntrack_max';
const bucketSetting = 'net.netfilter.nf_conntrack_buckets';

/** A table may take this much of the memory, 0 to 1: the kernel cannot swap it out. */
export const maxMemoryRatio = 0.25;

/** The limit is for each namespace, the hash table and the memory are shared: both are set from the host's own. */
export const largerTable: RemedyKind = {
  docs: 'a-larger-table',
  effect: 'relief',
  preconditions: ['sysctl-writable'],
  plan: (readings) => {
    const { limit, buckets, wanted } = readSizes(readings);
    const wantedBuckets = Math.max(buckets, wanted);
    const needed = tableMemory(wanted, wantedBuckets);
    const memory = readings.value(lvsPlatformMemoryBytes) ?? Number.POSITIVE_INFINITY;
    if (wanted <= limit || buckets === 0 || needed > maxMemoryRatio * memory) return undefined;
    return {
      owner: 'operator',
      title: `Raise the limit of the table to ${count(wanted)} entries`,
      ...fromHost(readings, sysctlPlan(readings, changesTo({ limit, buckets, wanted, wantedBuckets }), undefined)),
      tradeOff: `Takes up to ${bytes(needed)} of memory when full. This buys time, but does not remove the cause.`,
      verify: ['conntrack -S', 'conntrack -C'],
    };
  },
};

/** Only the host's own network namespace can set the limit, which holds for each of them. */
function fromHost<Parts extends Pick<Plan, 'commands' | 'undo'>>(readings: Readings, parts: Parts): Parts {
  if (readings.value(lvsHostNetworkNamespace) !== 0) return parts;
  const enter = (command: string) => `nsenter --target 1 --net ${command}`;
  const { commands, undo } = parts;
  return { ...parts, commands: mapSome(commands, enter), undo: isNone(undo) ? undo : mapSome(undo, enter) };
}

function readSizes(readings: Readings) {
  const entries = Math.max(readings.value(conntrackEntries) ?? 0, readings.value(equilibriumEntries) ?? 0);
  return {
    limit: readings.value(conntrackEntriesLimit) ?? 0,
    buckets: readings.value(conntrackBuckets) ?? 0,
    wanted: limitFor(entries),
  };
}

interface Sizes {
  readonly limit: number;
  readonly buckets: number;
  readonly wanted: number;
  readonly wantedBuckets: number;
}

/** Buckets first: a kernel from 5.15 on refuses flows whose chain is long. */
function changesTo({ limit, buckets, wanted, wantedBuckets }: Sizes): Some<Change> {
  const change = { setting: limitSetting, from: limit, to: wanted };
  return wantedBuckets > buckets ? [{ setting: bucketSetting, from: buckets, to: wantedBuckets }, change] : [change];
}

export const moreBuckets: RemedyKind = {
  docs: 'a-larger-table',
  effect: 'cure',
  preconditions: ['sysctl-writable', 'host-namespace'],
  plan: (readings, found) => {
    if (found.id !== 'conntrack-chain-too-long' && found.id !== 'conntrack-buckets-too-few') return undefined;
    const { limitEntries: limit, presentBuckets: buckets } = found.numbers;
    if (limit <= buckets) return undefined;
    return {
      owner: 'operator',
      title: `Raise the number of buckets to that of entries: ${count(limit)}`,
      ...sysctlPlan(readings, [{ setting: bucketSetting, from: buckets, to: limit }], undefined),
      tradeOff: `Takes ${bytes((limit - buckets) * bytesPerBucket)} more memory. Packets wait for a moment while the kernel rebuilds the table.`,
      verify: [`sysctl ${bucketSetting}`],
    };
  },
};

export const limitWithinMemory: RemedyKind = {
  docs: 'a-larger-table',
  effect: 'cure',
  preconditions: ['sysctl-writable', 'host-namespace'],
  plan: (readings, found) => {
    if (found.id !== 'table-larger-than-memory') return undefined;
    const { limitEntries: from, memoryBytes } = found.numbers;
    const affordable = (maxMemoryRatio * memoryBytes) / (bytesPerEntry + bytesPerBucket);
    const to = 2 ** Math.floor(Math.log2(affordable));
    return {
      owner: 'operator',
      title: `Lower the limit to what the memory allows: ${count(to)} entries`,
      ...sysctlPlan(readings, [{ setting: limitSetting, from, to }], undefined),
      tradeOff: 'If the table already holds more entries, the kernel evicts flows at once.',
      verify: [`sysctl ${limitSetting}`],
    };
  },
};
