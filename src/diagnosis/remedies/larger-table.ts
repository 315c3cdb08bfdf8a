import { conntrackBuckets, conntrackEntries, conntrackEntriesLimit } from '../../collectors/conntrack-metrics.ts';
import { equilibriumEntries } from '../../collectors/conntrack-table/metrics.ts';
import { limitFor, tableMemory } from '../../plan/sizing.ts';
import { bytes, count } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Remedy } from '../finding.ts';

/** Undefined where the table is large enough. */
export function largerTable(readings: Readings): Remedy | undefined {
  const entries = Math.max(readings.value(conntrackEntries) ?? 0, readings.value(equilibriumEntries) ?? 0);
  const limit = readings.value(conntrackEntriesLimit) ?? 0;
  const buckets = readings.value(conntrackBuckets) ?? 0;
  const wanted = limitFor(entries);
  if (wanted <= limit || buckets === 0) return undefined;
  const wantedBuckets = Math.max(buckets, wanted);
  const memory = bytes(tableMemory(wanted, wantedBuckets));
  return {
    title: `Make the table larger: ${count(wanted)} entries`,
    by: 'operator',
    commands: [
      ...(wantedBuckets > buckets ? [`sysctl -w net.netfilter.nf_conntrack_buckets=${wantedBuckets}`] : []),
      `sysctl -w net.netfilter.nf_conntrack_max=${wanted}`,
    ],
    tradeOff: `Takes up to ${memory} when full. It buys time and is no cure. To be run in the host's own network namespace; lost when the machine restarts unless /etc/sysctl.d has it.`,
    undo: [
      `sysctl -w net.netfilter.nf_conntrack_max=${limit}`,
      ...(wantedBuckets > buckets ? [`sysctl -w net.netfilter.nf_conntrack_buckets=${buckets}`] : []),
    ],
  };
}
