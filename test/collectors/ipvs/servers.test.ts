import { describe, expect, it } from 'vitest';
import { createIpvs } from '../../../src/collectors/ipvs/ipvs.ts';
import { seriesLimited } from '../../../src/scrape/exporter-metrics.ts';
import { createHost } from '../../machine.ts';
import { collect, machine, virtualServer, web, webDetail } from '../ipvs-machine.ts';

describe('ipvs.collect() and the number of its series', () => {
  const all = (forward: string) => `${virtualServer},real_address="all",real_port="all",forward="${forward}"`;
  const second = '  -> 0A00000D:0050      Route   4      10         20\n';
  const reals = (lines: readonly string[]) => lines.filter((line) => line.startsWith('ipvs_real_server')).sort();
  const port = (index: number) => index.toString(16).toUpperCase().padStart(4, '0');
  const summed = [
    `ipvs_real_server_active_connections{${all('direct')}} 12`,
    `ipvs_real_server_active_connections{${all('tunnel')}} 1`,
    `ipvs_real_server_inactive_connections{${all('direct')}} 25`,
    `ipvs_real_server_inactive_connections{${all('tunnel')}} 0`,
    `ipvs_real_server_weight{${all('direct')}} 7`,
    `ipvs_real_server_weight{${all('tunnel')}} 1`,
  ];

  it('adds the real servers of a virtual server up beyond the limit, and reports how many series that holds back', async () => {
    const lines = await collect(machine(`${web}${second}`), { maxSeries: 8 });
    expect(reals(lines)).toEqual(summed);
    expect(lines).toContain('lvs_exporter_series_limited{collector="ipvs"} 9');
    expect(lines).toContain(`ipvs_virtual_server_real_servers{${virtualServer}} 3`);
  });

  it('reports it as well where the sums are as many series', async () => {
    const lines = await collect(machine(web), { maxSeries: 5 });
    expect(reals(lines)).toHaveLength(6);
    expect(lines).toContain('lvs_exporter_series_limited{collector="ipvs"} 6');
  });

  it('exports them individually up to the limit', async () => {
    const lines = await collect(machine(`${web}${second}`), { maxSeries: 9 });
    expect(reals(lines).length).toBe(9);
    expect(lines).toContain('lvs_exporter_series_limited{collector="ipvs"} 0');
  });

  it('exports them individually again only when well within the limit', async () => {
    const ipvs = createIpvs({ maxSeries: 60, aggregate: false, upstreamConntrackLimit: undefined });
    const held: number[] = [];
    for (const realServers of [20, 21, 20, 19, 20, 21]) {
      const rows = Array.from({ length: realServers }, (_, index) => `  -> 0A00000B:${port(index)} Route 1 0 0\n`);
      const samples = await ipvs.collect(createHost(machine(`TCP  0A000065:0050 rr\n${rows.join('')}`)));
      held.push(samples.find(({ metric }) => metric === seriesLimited)?.value ?? Number.NaN);
    }
    expect(held).toEqual([0, 63, 60, 0, 0, 63]);
  });

  it('adds them up on request, which is no limit', async () => {
    const lines = await collect(machine(`${web}${second}`), { aggregate: true });
    expect(reals(lines)).toEqual(summed);
    expect(lines).toContain('lvs_exporter_series_limited{collector="ipvs"} 0');
  });

  it('adds up no counters, of which a sum falls when a real server goes', async () => {
    const lines = await collect(machine(web, { ipvs: webDetail }), { aggregate: true });
    expect(reals(lines).map((line) => line.split('{')[0])).toEqual([
      ...['ipvs_real_server_active_connections', 'ipvs_real_server_active_connections'],
      ...['ipvs_real_server_inactive_connections', 'ipvs_real_server_inactive_connections'],
      ...['ipvs_real_server_persistent_connections', 'ipvs_real_server_persistent_connections'],
      ...['ipvs_real_server_weight', 'ipvs_real_server_weight'],
    ]);
  });
});
