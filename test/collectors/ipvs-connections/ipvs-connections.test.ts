import { describe, expect, it } from 'vitest';
import { createIpvsConnections } from '../../../src/collectors/ipvs-connections/ipvs-connections.ts';
import type { Sample } from '../../../src/scrape/metric.ts';
import { createHost } from '../../machine.ts';
import { recordedText } from '../../netlink/ip-vs-messages.ts';

const path = '/proc/net/ip_vs_conn_sync';
const files = { [path]: recordedText('ip_vs_conn_sync') };
const unlimited = { maxEntries: 1000, maxSeconds: 2 };

/** The series that are not 0, without timestamps and durations. */
function present(samples: readonly Sample[]): Record<string, number> {
  const own = samples.filter(({ metric, value }) => value !== 0 && !/_(timestamp|duration)_seconds$/.test(metric.name));
  return Object.fromEntries(
    own.map(({ metric, labels, value }) => [[metric.name, ...Object.values(labels)].join(' '), value]),
  );
}

describe('ipvsConnections.collect()', () => {
  it('counts connections and templates by protocol, state and origin', async () => {
    expect(present(await createIpvsConnections(unlimited).collect(createHost({ files })))).toEqual({
      'ipvs_connection_entries tcp established local': 2,
      'ipvs_connection_entries tcp syn_recv local': 1,
      'ipvs_connection_entries tcp fin_wait sync': 8,
      'ipvs_connection_entries udp  local': 4,
      'ipvs_connection_templates udp none local': 1,
      'ipvs_connection_templates ip none local': 1,
      ipvs_connection_scan_entries: 17,
    });
  });

  it('gives 0 for what there could be and is not', async () => {
    const samples = await createIpvsConnections(unlimited).collect(createHost({ files }));
    const { length } = samples.filter(({ metric }) => metric.name === 'ipvs_connection_entries');
    expect(length).toBe(2 * (11 + 1 + 14));
    expect(samples).toContainEqual({
      metric: expect.objectContaining({ name: 'ipvs_connection_entries' }),
      labels: { protocol: 'tcp', state: 'syn_sent', origin: 'sync' },
      value: 0,
    });
  });

  it('stops after the part that has the last entry of its limit, and reports it', async () => {
    let parts = 0;
    const host = createHost({ files });
    const counting: typeof host = {
      ...host,
      readParts: (file, take) =>
        host.readParts(file, (part) => {
          parts++;
          return take(part);
        }),
    };
    const samples = present(await createIpvsConnections({ ...unlimited, maxEntries: 3 }).collect(counting));
    expect(samples).toMatchObject({ ipvs_connection_scan_truncated: 1, ipvs_connection_scan_entries: 3 });
    // The third row ends in the fourth part of 100 characters. The fifth is not looked at.
    expect(parts).toBe(5);
  });

  it('is complete when its limit is just the size of the table', async () => {
    const samples = present(
      await createIpvsConnections({ ...unlimited, maxEntries: 17 }).collect(createHost({ files })),
    );
    expect(samples.ipvs_connection_scan_truncated).toBeUndefined();
  });

  it('stops when its time is over', async () => {
    let seconds = 0;
    // To look at the clock takes half a second: there is time for three parts, with one whole row.
    const host = { ...createHost({ files }), now: () => (seconds += 0.5) };
    const samples = present(await createIpvsConnections(unlimited).collect(host));
    expect(samples).toMatchObject({ ipvs_connection_scan_truncated: 1, ipvs_connection_scan_entries: 1 });
  });

  it('names the file when it is broken', async () => {
    const broken = createHost({ files: { [path]: 'nonsense\n' } });
    await expect(createIpvsConnections(unlimited).collect(broken)).rejects.toThrow(
      /^\/proc\/net\/ip_vs_conn_sync: Cannot parse line 1: /,
    );
  });

  it('rejects with ENOENT where IPVS is not loaded', async () => {
    await expect(createIpvsConnections(unlimited).collect(createHost({}))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
