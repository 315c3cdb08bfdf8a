import { describe, expect, it } from 'vitest';
import { directorDemand } from '../../src/plan/director-demand.ts';
import { samplesOf } from '../diagnosis/samples.ts';

const web = 'protocol="tcp",address="10.0.0.100",port="80",fwmark=""';
const dns = 'protocol="udp",address="10.0.0.100",port="53",fwmark=""';
const at = (seconds: number, webConnections: number, dnsConnections: number) =>
  samplesOf(`
    lvs_exporter_collector_last_success_timestamp_seconds{collector="ipvs"} ${seconds}
    ipvs_upstream_conntrack_limit 262144
    ipvs_virtual_server_connections_total{${web}} ${webConnections}
    ipvs_virtual_server_connections_total{${dns}} ${dnsConnections}
    ipvs_real_server_active_connections{${web},real_address="10.0.0.11",real_port="80",forward="direct"} 30
    ipvs_real_server_active_connections{${web},real_address="10.0.0.12",real_port="80",forward="direct"} 20
    ipvs_real_server_active_connections{${dns},real_address="10.0.0.11",real_port="53",forward="masquerade"} 0`);

describe('directorDemand()', () => {
  it('reads rates from counters, and durations from the connections that are active', () => {
    expect(directorDemand(at(110, 350, 70), at(100, 100, 50))).toEqual({
      limit: 262_144,
      loads: [
        { protocol: 'tcp', seen: 'half', perSecond: 25, durationSeconds: 2 },
        { protocol: 'udp', seen: 'both', perSecond: 2, durationSeconds: 0 },
      ],
    });
  });

  it('says what to do where there are no counters', () => {
    expect(() => directorDemand(samplesOf('conntrack_entries 1'), undefined)).toThrow(
      'Cannot read the counters of virtual servers here: run it as root on a director, or tell the rates with --tcp and --udp',
    );
  });
});
