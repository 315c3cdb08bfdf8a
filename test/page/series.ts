import { aggregated } from '../../src/collectors/ipvs/metrics.ts';
import { counter, gauge, type Sample } from '../../src/scrape/metric.ts';

/** One value of a metric, by the names alone. */
export function series(name: string, value: number, labels: Readonly<Record<string, string>> = {}): Sample {
  const metric = name.endsWith('_total') ? counter(name as `${string}_total`, '') : gauge(name, '');
  return { metric, value, labels };
}

const destination = { protocol: 'tcp', address: '10.0.0.100', port: '80', zone: '0' };

/** A table of 1,000 entries at most, with one destination of direct return. */
export function table(entries: number, equilibrium: number, fullInSeconds: number): Sample[] {
  return [
    series('conntrack_entries', entries),
    series('conntrack_entries_limit', 1000),
    series('conntrack_equilibrium_entries', equilibrium),
    series('conntrack_full_in_seconds', fullInSeconds),
    series('conntrack_arrivals_per_second', 8, { protocol: 'tcp', replied: 'no' }),
    series('conntrack_arrivals_per_second', 2, { protocol: 'tcp', replied: 'yes' }),
    series('conntrack_destination_entries', entries / 2, destination),
    series('conntrack_destination_unreplied_entries', entries / 2, destination),
    series('conntrack_destination_arrivals_per_second', 8, destination),
    series('conntrack_destination_verdict', 1, { ...destination, verdict: 'direct_return' }),
  ];
}

const client = { address: '192.0.2.10', zone: '4097' };
const port = { port_id: '1a2b', device: 'tap1a2b3c4d-5e', domain: 'instance-2a', vm: 'scanner-1', project: 'lab' };

/** A source that scans, in a zone that belongs to a virtual machine. */
export const holders: readonly Sample[] = [
  series('conntrack_zone_entries', 400, { zone: '4097' }),
  series('conntrack_zone_unreplied_entries', 390, { zone: '4097' }),
  series('conntrack_zone_arrivals_per_second', 8, { zone: '4097' }),
  series('conntrack_zone_entries_limit', 500, { zone: '4097' }),
  series('conntrack_zone_info', 1, { ...port, zone: '4097' }),
  series('conntrack_zone_entries', 0, { zone: 'other' }),
  series('conntrack_table_entries', 390, { protocol: 'tcp', state: 'SYN_SENT', replied: 'no', assured: 'no' }),
  series('conntrack_table_entries', 10, { protocol: 'udp', state: '', replied: 'no', assured: 'no' }),
  ...[
    series('conntrack_source_entries', 390, client),
    series('conntrack_source_unreplied_entries', 385, client),
    series('conntrack_source_arrivals_per_second', 8, client),
    series('conntrack_source_destinations', 380, client),
    series('conntrack_source_verdict', 1, { ...client, verdict: 'scan' }),
  ].map((one) => ({ ...one, isLocal: true })),
  series('conntrack_largest_holder_entries', 390, {
    ...{ kind: 'source', protocol: 'tcp', address: '', port: '445', zone: '4097', state: '' },
    ...{ device: 'tap1a2b3c4d-5e', vm: 'scanner-1', project: 'lab' },
  }),
];

/** An IPVS service with as many real servers as weights are given. */
export function service(port: string, connections: number, weights: readonly number[], protocol = 'tcp'): Sample[] {
  const labels = { protocol, address: '10.0.0.100', port, fwmark: '' };
  return [
    series('ipvs_virtual_server_info', 1, {
      ...labels,
      scheduler: 'wrr',
      flags: 'persistent',
      persistence_seconds: '60',
    }),
    series('ipvs_virtual_server_real_servers', weights.length, labels),
    series(
      'ipvs_virtual_server_weight',
      weights.reduce((sum, weight) => sum + weight, 0),
      labels,
    ),
    series('ipvs_virtual_server_connections_total', connections, labels),
    ...weights.flatMap((weight, index) => {
      const own = { ...labels, real_address: `10.0.1.${index + 1}`, real_port: port, forward: 'direct' };
      return [
        series('ipvs_real_server_weight', weight, own),
        series('ipvs_real_server_active_connections', index, own),
        series('ipvs_real_server_inactive_connections', 10 * index, own),
      ];
    }),
  ];
}

/** As the exporter writes real servers of which only sums are exported. */
export function addedUp(samples: readonly Sample[]): Sample[] {
  return samples.map(({ labels, ...one }) => ({
    ...one,
    labels: labels.real_address === undefined ? labels : { ...labels, real_address: aggregated, real_port: aggregated },
  }));
}

/** When the IPVS collector last read, in Unix time: between two of these a rate is made. */
export function ipvsRead(atSeconds: number): Sample {
  return series('lvs_exporter_collector_last_success_timestamp_seconds', atSeconds, { collector: 'ipvs' });
}

/** keepalived with one VRRP instance in this state. */
export function vrrp(state: string, up = 1): Sample[] {
  const labels = { instance_name: 'web', interface: 'eth0', vrid: '51', family: 'ipv4' };
  return [
    series('keepalived_up', up),
    series('keepalived_info', 1, { version: '2.2.7' }),
    ...['master', 'backup', 'fault'].map((one) =>
      series('keepalived_vrrp_state', one === state ? 1 : 0, { ...labels, state: one }),
    ),
    series('keepalived_vrrp_priority', 150, { ...labels, kind: 'base' }),
    series('keepalived_vrrp_priority', 130, { ...labels, kind: 'effective' }),
    series('keepalived_vrrp_address_bound', state === 'master' ? 1 : 0, { ...labels, address: '10.0.0.100' }),
    series('keepalived_vrrp_errors_total', 2, { ...labels, kind: 'ttl' }),
  ];
}

/** Collectors of the exporter, by their state. */
export function collectors(states: Readonly<Record<string, 'works' | 'failed' | 'absent'>>): Sample[] {
  return Object.entries(states).flatMap(([collector, state]) => [
    series('lvs_exporter_collector_available', state === 'absent' ? 0 : 1, { collector }),
    ...(state === 'absent' ? [] : [series('lvs_exporter_collector_success', state === 'works' ? 1 : 0, { collector })]),
  ]);
}
