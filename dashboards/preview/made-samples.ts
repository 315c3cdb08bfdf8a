import type { TimeRange } from '../../scripts/history-prometheus.ts';
import { renderLine, targetOf } from '../../scripts/replayed-history.ts';
import type { Sample } from '../../src/scrape/metric.ts';

/** Labels as in the recordings, so that what is made here meets what was recorded. */
const owner = {
  ...{ port_id: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d', device: 'tap1a2b3c4d-5e', domain: 'instance-0000002a' },
  ...{ vm: 'director-1', vm_id: '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01', project: 'web shop', project_id: '512866f9' },
};
const owned = { ...owner, protocol: 'tcp', address: '10.0.0.100', port: '80', zone: '0', evidence: 'address' };
const source = { address: '10.0.0.11', zone: '0' };

const address = { instance_name: 'web', interface: 'eth0', vrid: '51', family: 'ipv4', address: '10.0.0.100' };

export interface Made {
  readonly name: string;
  readonly value: number;
  readonly labels?: Sample['labels'];
  /** The machine of the recordings that it is given to. */
  readonly machine: string;
}

/** Marks made samples among recorded ones. */
const origin = { made: 'yes' };

/**
 * What these machines did not record: the addresses of the directors, one that synchronises, network settings, whose
 * flows they are on a compute node, sources, which are not exported by default. Made by hand; test/dashboards/queries.test.ts fails once they are recorded.
 */
export const madeSamples: readonly Made[] = [
  { name: 'keepalived_vrrp_address_bound', value: 1, labels: address, machine: 'director1' },
  { name: 'keepalived_vrrp_address_bound', value: 0, labels: address, machine: 'director2' },
  {
    name: 'ipvs_sync_daemon_info',
    value: 1,
    labels: { role: 'master', interface: 'eth0', sync_id: '1' },
    machine: 'director1',
  },
  { name: 'network_setting', value: 1, labels: { name: 'ipv4.ip_forward' }, machine: 'director1' },
  {
    name: 'network_interface_setting',
    value: 0,
    labels: { interface: 'eth0', name: 'rp_filter' },
    machine: 'director1',
  },
  { name: 'network_reverse_path_filtered_total', value: 0, machine: 'director1' },
  {
    name: 'network_hidden_address_info',
    value: 1,
    labels: { address: '10.0.0.100', interface: 'eth0' },
    machine: 'director1',
  },
  { name: 'lvs_platform_memory_bytes', value: 2 ** 31, machine: 'director1' },
  { name: 'conntrack_destination_info', value: 1, labels: owned, machine: 'compute' },
  { name: 'conntrack_zone_info', value: 1, labels: { ...owner, zone: '0' }, machine: 'compute' },
  { name: 'conntrack_source_entries', value: 1200, labels: source, machine: 'compute' },
  { name: 'conntrack_source_unreplied_entries', value: 1190, labels: source, machine: 'compute' },
  { name: 'conntrack_source_arrivals_per_second', value: 10, labels: source, machine: 'compute' },
  { name: 'conntrack_source_destinations', value: 1150, labels: source, machine: 'compute' },
  { name: 'conntrack_source_verdict', value: 1, labels: { ...source, verdict: 'scan' }, machine: 'compute' },
  { name: 'conntrack_scanning_entries', value: 1200, labels: { zone: '0' }, machine: 'compute' },
  { name: 'conntrack_zone_entries_limit', value: 4000, labels: { zone: '0' }, machine: 'compute' },
  { name: 'conntrack_source_info', value: 1, labels: { ...owner, ...source }, machine: 'compute' },
];

/** As lines of OpenMetrics, at every scrape. Totals rise by one. */
export function renderMade({ startSeconds, endSeconds, stepSeconds }: TimeRange): string {
  const lines: string[] = [];
  for (let scrape = 0; startSeconds + scrape * stepSeconds <= endSeconds; scrape++) {
    for (const { name, value, labels, machine } of madeSamples) {
      const risen = name.endsWith('_total') ? value + scrape : value;
      const all = { ...labels, ...targetOf(machine), ...origin };
      lines.push(renderLine(name, all, risen, startSeconds + scrape * stepSeconds));
    }
  }
  return lines.join('\n');
}
