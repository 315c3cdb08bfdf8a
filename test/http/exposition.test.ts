import { describe, expect, it } from 'vitest';
import { createProcessMetrics, render } from '../../src/http/exposition.ts';
import { counter, gauge, sample } from '../../src/scrape/metric.ts';

const weight = gauge('ipvs_real_server_weight', 'Weight.', ['address', 'port']);
const packets = counter('ipvs_incoming_packets_total', 'Packets from clients.');
const eternity = gauge('conntrack_full_in_seconds', 'Seconds until the table is full.');

const samples = [
  sample(weight, 1, { address: '10.0.0.11', port: '80' }),
  sample(packets, 2 ** 40),
  sample(weight, -1, { address: 'a"b\\c\n', port: '' }),
  sample(eternity, Number.POSITIVE_INFINITY),
];

describe('render()', () => {
  it('writes the text format, each metric once', async () => {
    expect(await render(samples, 'text')).toBe(`# HELP ipvs_real_server_weight Weight.
# TYPE ipvs_real_server_weight gauge
ipvs_real_server_weight{address="10.0.0.11",port="80"} 1
ipvs_real_server_weight{address="a\\"b\\\\c\\n",port=""} -1

# HELP ipvs_incoming_packets_total Packets from clients.
# TYPE ipvs_incoming_packets_total counter
ipvs_incoming_packets_total 1099511627776

# HELP conntrack_full_in_seconds Seconds until the table is full.
# TYPE conntrack_full_in_seconds gauge
conntrack_full_in_seconds +Inf
`);
  });

  it('writes OpenMetrics', async () => {
    expect(await render(samples.slice(0, 2), 'openmetrics')).toBe(`# HELP ipvs_real_server_weight Weight.
# TYPE ipvs_real_server_weight gauge
ipvs_real_server_weight{address="10.0.0.11",port="80"} 1
# HELP ipvs_incoming_packets Packets from clients.
# TYPE ipvs_incoming_packets counter
ipvs_incoming_packets_total 1099511627776
# EOF
`);
  });

  it('forgets a series that is not given again', async () => {
    await render(samples, 'text');
    expect(await render(samples.slice(0, 1), 'text')).toBe(`# HELP ipvs_real_server_weight Weight.
# TYPE ipvs_real_server_weight gauge
ipvs_real_server_weight{address="10.0.0.11",port="80"} 1
`);
  });
});

describe('createProcessMetrics()', () => {
  it('gives the counters and gauges of this process under names that fit their type', async () => {
    const given = await createProcessMetrics()();
    const names = new Set(given.map(({ metric }) => `${metric.type} ${metric.name}`));
    expect(names).toContain('gauge process_resident_memory_bytes');
    expect(names).toContain('counter process_cpu_seconds_total');
    expect([...names].filter((name) => /^gauge .*_total$|^counter .*(?<!_total)$/.test(name))).toEqual([]);
  });
});
