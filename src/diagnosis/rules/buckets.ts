import {
  conntrackBuckets,
  conntrackChainTooLongTotal,
  conntrackEntriesLimit,
} from '../../collectors/conntrack-metrics.ts';
import { lvsPlatformMemoryBytes } from '../../collectors/platform-metrics.ts';
import { thresholds } from '../../identity/thresholds.ts';
import { bytesPerBucket, bytesPerEntry, tableMemory } from '../../plan/sizing.ts';
import { bytes, count, percent } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Finding } from '../finding.ts';

/** The limit in relation to the hash table, which is shared by all namespaces, and to the memory. */
export function tableSize(readings: Readings): Finding[] {
  const limit = readings.value(conntrackEntriesLimit) ?? 0;
  const buckets = readings.value(conntrackBuckets) ?? 0;
  if (limit === 0 || buckets === 0) return [];
  return [...fewBuckets(readings, limit, buckets), ...tooLarge(readings, limit, buckets)];
}

function fewBuckets(readings: Readings, limit: number, buckets: number): Finding[] {
  const refused = readings.rise(conntrackChainTooLongTotal) ?? 0;
  const ratio = limit / buckets;
  const { warning, info } = thresholds.conntrackEntriesPerBucket;
  if (ratio <= info && refused === 0) return [];
  return [
    {
      id: 'few-buckets',
      subject: '',
      urgency: refused > 0 ? 'critical' : ratio > warning ? 'warning' : 'info',
      title:
        refused > 0
          ? 'New flows are refused because the chains of the connection tracking table are too long'
          : 'The connection tracking table has fewer buckets than its limit asks for',
      evidence: [
        `${count(limit)} entries in ${count(buckets)} buckets: chains of ${count(2 * ratio)} when full, as each entry is in two`,
        ...(refused > 0 ? [`${count(refused)} flows refused since the reading before`] : []),
      ],
      consequence:
        'Long chains slow down each packet. From Linux 5.15 on the kernel refuses a flow whose chain is too long, before the table is full.',
      remedies: [
        {
          title: `As many buckets as entries: ${count(limit)}`,
          by: 'operator',
          commands: [`sysctl -w net.netfilter.nf_conntrack_buckets=${limit}`],
          tradeOff: `Takes ${bytes((limit - buckets) * bytesPerBucket)} more memory. All packets wait for a moment while the table is rebuilt.`,
          undo: [`sysctl -w net.netfilter.nf_conntrack_buckets=${buckets}`],
        },
      ],
      runbook: refused > 0 ? 'ConntrackChainTooLong' : 'ConntrackBucketsTooFew',
    },
  ];
}

/** A table may take this much of the memory. */
const largestShare = 0.25;

function tooLarge(readings: Readings, limit: number, buckets: number): Finding[] {
  const memory = readings.value(lvsPlatformMemoryBytes);
  const needed = tableMemory(limit, buckets);
  if (memory === undefined || needed <= largestShare * memory) return [];
  const affordable = 2 ** Math.floor(Math.log2((largestShare * memory) / (bytesPerEntry + bytesPerBucket)));
  return [
    {
      id: 'table-larger-than-memory',
      subject: '',
      urgency: 'warning',
      title: `A full connection tracking table takes ${percent(needed / memory)} of the memory`,
      evidence: [`${count(limit)} entries take ${bytes(needed)}; the machine has ${bytes(memory)}`],
      consequence: 'The kernel runs out of memory, which cannot be swapped out, before it limits the table.',
      remedies: [
        {
          title: `A limit that the memory allows: ${count(affordable)}`,
          by: 'operator',
          commands: [`sysctl -w net.netfilter.nf_conntrack_max=${affordable}`],
          tradeOff: 'If more entries are there already, the kernel evicts flows at once.',
          undo: [`sysctl -w net.netfilter.nf_conntrack_max=${limit}`],
        },
      ],
      runbook: undefined,
    },
  ];
}
