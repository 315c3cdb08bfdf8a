import { describe, expect, it } from 'vitest';
import { planTable } from '../../src/plan/plan.ts';
import { tableDemand } from '../../src/plan/table-demand.ts';
import { samplesOf } from '../diagnosis/samples.ts';

const table = samplesOf(`conntrack_entries_limit 65536
  conntrack_timeout_seconds{protocol="tcp",state="time_wait"} 60
  conntrack_table_entries{protocol="tcp",state="SYN_SENT",replied="no"} 2400
  conntrack_arrivals_per_second{protocol="tcp",replied="no"} 20
  conntrack_table_entries{protocol="tcp",state="TIME_WAIT",replied="yes"} 600
  conntrack_table_entries{protocol="tcp",state="ESTABLISHED",replied="yes"} 300
  conntrack_arrivals_per_second{protocol="tcp",replied="yes"} 10
  conntrack_table_entries{protocol="icmp",state="",replied="no"} 60
  conntrack_arrivals_per_second{protocol="icmp",replied="no"} 2`);

describe('tableDemand()', () => {
  it('has the new flows of each kind, and how long they are in use', () => {
    expect(tableDemand(table, undefined)?.loads).toEqual([
      { protocol: 'tcp', seen: 'half', perSecond: 20, durationSeconds: 0 },
      { protocol: 'tcp', seen: 'both', perSecond: 10, durationSeconds: 30 },
      { protocol: 'udp', seen: 'half', perSecond: 2, durationSeconds: 0 },
    ]);
  });

  it('plans for the entries that are there, by the timers and the limit that are set', () => {
    const demand = tableDemand(table, undefined);
    if (demand === undefined) throw new Error('Expected a demand');
    const { liveEntries, present } = planTable(demand.loads, demand.timers, demand.limit);
    expect(liveEntries).toBe(2400 + 900 + 60);
    expect(present?.limit).toBe(65_536);
  });

  it('counts connections that stay, of which none is new', () => {
    const idle = samplesOf('conntrack_table_entries{protocol="tcp",state="ESTABLISHED",replied="yes"} 5000');
    const demand = tableDemand(idle, undefined);
    expect(planTable(demand?.loads ?? [], demand?.timers ?? never(), undefined).liveEntries).toBeCloseTo(5000, 0);
  });

  it('is none without a table', () => {
    expect(tableDemand([], undefined)).toBeUndefined();
    expect(tableDemand(samplesOf('conntrack_entries 9'), undefined)).toBeUndefined();
  });
});

function never(): never {
  throw new Error('Expected a demand');
}
