import {
  conntrackBuckets,
  conntrackChainTooLongTotal,
  conntrackEntriesLimit,
} from '../../../collectors/conntrack-metrics.ts';
import { lvsPlatformMemoryBytes } from '../../../collectors/platform/metrics.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { tableMemory } from '../../../plan/sizing.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';
import { maxMemoryRatio } from '../../remedies/conntrack/table-size.ts';

/** The limit in relation to the hash table, which is shared by all namespaces, and to the memory. */
export function tableSize(readings: Readings): AnyFound[] {
  const limit = readings.value(conntrackEntriesLimit) ?? 0;
  const buckets = readings.value(conntrackBuckets) ?? 0;
  if (limit === 0 || buckets === 0) return [];
  return [...fewBuckets(readings, limit, buckets), ...tooLarge(readings, limit, buckets)];
}

function fewBuckets(readings: Readings, limitEntries: number, presentBuckets: number): AnyFound[] {
  const refusedFlows = readings.rise(conntrackChainTooLongTotal) ?? 0;
  const ratio = limitEntries / presentBuckets;
  const { warning, info } = thresholds.conntrackEntriesPerBucket;
  const facts = { subject: {}, numbers: { limitEntries, presentBuckets, refusedFlows }, details: {} };
  if (refusedFlows > 0) return [{ id: 'conntrack-chain-too-long', severity: 'critical', ...facts }];
  if (ratio <= info) return [];
  return [{ id: 'conntrack-buckets-too-few', severity: ratio > warning ? 'warning' : 'info', ...facts }];
}

function tooLarge(readings: Readings, limitEntries: number, buckets: number): AnyFound[] {
  const memoryBytes = readings.value(lvsPlatformMemoryBytes);
  const neededBytes = tableMemory(limitEntries, buckets);
  if (memoryBytes === undefined || neededBytes <= maxMemoryRatio * memoryBytes) return [];
  const numbers = { limitEntries, neededBytes, memoryBytes };
  return [{ id: 'table-larger-than-memory', severity: 'warning', subject: {}, numbers, details: {} }];
}
