import { describe, expect, it } from 'vitest';
import { directorDemand } from '../../src/plan/director-demand.ts';
import { samplesOf } from '../diagnosis/samples.ts';

const web = 'protocol="tcp",address="10.0.0.100",port="80",fwmark=""';
const dns = 'protocol="udp",address="10.0.0.100",port="53",fwmark=""';
const real = (name: string, service: string, number: number, forward: string) =>
  `ipvs_real_server_${name}{${service},real_address="10.0.0.${number}",real_port="80",forward="${forward}"}`;

/** Two services; half of the weight of the first is direct. */
const table = (seconds: number) => `
    lvs_exporter_collector_last_success_timestamp_seconds{collector="ipvs"} ${seconds}
    ipvs_upstream_conntrack_limit 262144
    ipvs_virtual_server_real_servers{${web}} 3
    ipvs_virtual_server_real_servers{${dns}} 1
    ${real('weight', web, 11, 'direct')} 2
    ${real('weight', web, 12, 'tunnel')} 1
    ${real('weight', web, 13, 'masquerade')} 3
    ${real('weight', dns, 11, 'masquerade')} 2
    ${real('active_connections', web, 11, 'direct')} 30
    ${real('active_connections', web, 12, 'tunnel')} 10
    ${real('active_connections', web, 13, 'masquerade')} 5
    ${real('active_connections', dns, 11, 'masquerade')} 0
    ipvs_connections_total ${seconds * 32}`;
const services = (webConnections: number, dnsConnections: number) => `
    ipvs_virtual_server_connections_total{${web}} ${webConnections}
    ipvs_virtual_server_connections_total{${dns}} ${dnsConnections}`;
const reals = (direct: number, tunnel: number, masquerade: number) => `
    ${real('connections_total', web, 11, 'direct')} ${direct}
    ${real('connections_total', web, 12, 'tunnel')} ${tunnel}
    ${real('connections_total', web, 13, 'masquerade')} ${masquerade}`;

const byDns = { protocol: 'udp', seen: 'both', perSecond: 2, durationSeconds: 0 };

describe('directorDemand()', () => {
  it('reads rates from counters, and durations from the connections that are active', () => {
    const now = samplesOf(table(110), services(350, 70), reals(180, 120, 150));
    const before = samplesOf(table(100), services(50, 50), reals(80, 20, 50));
    expect(directorDemand(now, before)).toEqual({
      limit: 262_144,
      loads: [
        { protocol: 'tcp', seen: 'half', perSecond: 20, durationSeconds: 2 },
        { protocol: 'tcp', seen: 'both', perSecond: 10, durationSeconds: 0.5 },
        byDns,
      ],
    });
  });

  it('goes by the weights where real servers are added up', () => {
    const now = samplesOf(table(110), services(250, 70));
    expect(directorDemand(now, samplesOf(table(100), services(50, 50))).loads).toEqual([
      { protocol: 'tcp', seen: 'half', perSecond: 10, durationSeconds: 4 },
      { protocol: 'tcp', seen: 'both', perSecond: 10, durationSeconds: 0.5 },
      byDns,
    ]);
  });

  it('goes by the total and the weights without netlink', () => {
    expect(directorDemand(samplesOf(table(110)), samplesOf(table(100))).loads).toEqual([
      { protocol: 'tcp', seen: 'half', perSecond: 12, durationSeconds: 40 / 12 },
      { protocol: 'tcp', seen: 'both', perSecond: 20, durationSeconds: 0.25 },
    ]);
  });

  it('names the options to give without virtual servers', () => {
    expect(() => directorDemand(samplesOf('conntrack_entries 1'), undefined)).toThrow(/--tcp and --udp$/);
  });

  it('plans from no counter that stands still, and from none that is not there', () => {
    const still = samplesOf(table(100));
    const nothing = /^Cannot plan/;
    expect(() =>
      directorDemand(samplesOf(table(100), services(50, 50)), samplesOf(table(100), services(50, 50))),
    ).toThrow(nothing);
    const withoutTotal = still.filter(({ metric }) => metric.name !== 'ipvs_connections_total');
    expect(() => directorDemand(withoutTotal, withoutTotal)).toThrow(nothing);
  });
});
