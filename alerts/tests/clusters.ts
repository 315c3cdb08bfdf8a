import { alertTests, of } from './alert-test.ts';

const job = 'lvs-exporter';
const here = { instance: 'lb1', cluster: 'a' };
const there = { instance: 'lb1', cluster: 'b' };
const labels = { job, ...here };

const holder = { kind: 'destination', protocol: 'tcp', zone: '0' };
const flows = { protocol: 'tcp', address: '192.0.2.10', port: '443', zone: '7' };
const web = { protocol: 'tcp', address: '10.0.0.100', port: '80' };
const dns = { protocol: 'udp', address: '10.0.0.53', port: '53' };

/** Two clusters have machines of one name and job: what a description asks for is of its own. */
export const clusterTests = [
  ...alertTests('ConntrackTableNearlyFull', {
    when: 'a machine of another cluster has its name and a larger holder',
    series: {
      ...of(here, { conntrack_entries: '98 for 20m', conntrack_entries_limit: '100 for 20m' }),
      ...of(there, { conntrack_entries: '30000 for 20m', conntrack_entries_limit: '1000000 for 20m' }),
      ...holds({ ...here, ...holder, address: '10.0.0.1', port: '80' }, 90),
      ...holds({ ...there, ...holder, address: '192.0.2.9', port: '443' }, 20_000),
    },
    expected: {
      '4m45s': [],
      '10m': [
        {
          severity: 'warning',
          labels,
          description: 'The connection tracking table of lb1 is 98% full. Most entries, 90, go to tcp 10.0.0.1:80.',
        },
      ],
    },
  }),
  ...alertTests('ConntrackUnansweredFlows', {
    when: 'a machine of another cluster has its name and another port for the same address',
    series: {
      ...of(
        { ...here, ...flows },
        {
          'conntrack_destination_verdict{verdict="unanswered"}': '1 for 20m',
          conntrack_destination_unreplied_entries: '5200 for 20m',
        },
      ),
      ...of(here, { conntrack_entries_limit: '100000 for 20m' }),
      ...of({ ...there, ...flows }, { 'conntrack_destination_info{device="tap-there"}': '1 for 20m' }),
    },
    expected: {
      '45s': [],
      '10m': [
        {
          severity: 'warning',
          labels: { ...labels, ...flows },
          description:
            'No reply from tcp 192.0.2.10:443 in zone 7 comes back through lb1. Its unreplied flows hold 5.2% of the limit.',
        },
      ],
    },
  }),
  ...alertTests('ConntrackSourceScan', {
    when: 'a machine of another cluster has its name and another port in a zone of that number',
    series: {
      ...of({ ...here, zone: '7' }, { conntrack_scanning_entries: '5200 for 20m' }),
      ...of(here, { conntrack_entries_limit: '100000 for 20m' }),
      ...of({ ...there, zone: '7' }, { 'conntrack_zone_info{device="tap-there"}': '1 for 20m' }),
    },
    expected: {
      '45s': [],
      '10m': [
        {
          severity: 'warning',
          labels: { ...labels, zone: '7' },
          description:
            'Sources in zone 7 scan through lb1. Their flows hold 5.2% of the limit. To see their addresses, run lvs-exporter diagnose on that machine.',
        },
      ],
    },
  }),
  ...alertTests('IpvsServiceWithoutRealServers', {
    when: 'a machine of another cluster has its name and another name for the service',
    series: {
      ...of(
        { ...here, ...web },
        { ipvs_virtual_server_real_servers: '0 for 20m', ipvs_virtual_server_weight: '0 for 20m' },
      ),
      ...of({ ...there, ...web }, { 'ipvs_virtual_server_info{name="shop"}': '1 for 20m' }),
    },
    expected: {
      '0m': [],
      '10m': [
        {
          severity: 'critical',
          labels: { ...labels, ...web },
          description: 'Virtual server tcp 10.0.0.100:80 on lb1 has no real servers: its clients are refused.',
        },
      ],
    },
  }),
  ...alertTests('IpvsUpstreamConntrackPressure', {
    when: 'a director of another cluster has its name and a larger service',
    evaluationSeconds: 30,
    series: {
      ...of(here, { ipvs_upstream_conntrack_limit: '100000 for 20m' }),
      ...schedules({ ...here, ...web }, 500),
      ...schedules({ ...there, ...dns }, 5000),
    },
    expected: {
      '5m': [],
      '10m': [
        {
          severity: 'warning',
          labels,
          description:
            'The services of lb1 that use direct server return (direct routing or tunnel) need 90% of the connection tracking table upstream. The largest part, 90k entries, is for tcp 10.0.0.100:80.',
        },
      ],
    },
  }),
];

function holds(target: Readonly<Record<string, string>>, entries: number): Record<string, string> {
  return of(target, { conntrack_largest_holder_entries: `${entries} for 20m` });
}

/** New connections to one real server that answers clients itself. */
function schedules(service: Readonly<Record<string, string>>, perSecond: number): Record<string, string> {
  return of(
    { ...service, real_address: '10.0.0.1', real_port: '80', forward: 'direct' },
    { ipvs_real_server_connections_total: `0 to ${perSecond * 1200} for 20m`, ipvs_real_server_weight: '1 for 20m' },
  );
}
