import type { TimeRange } from '../../scripts/history-prometheus.ts';
import { renderLine, targetOf } from '../../scripts/replayed-history.ts';
import type { Sample } from '../../src/metric.ts';

/** Labels as in the recordings, so that what is made here meets what was recorded. */
const vrrp = { instance_name: 'web', interface: 'eth0', vrid: '51', family: 'ipv4' };
const virtualServer = { protocol: 'tcp', address: '10.0.0.100', port: '80', fwmark: '', family: '' };
const realServer = { ...virtualServer, real_address: '10.0.0.11', real_port: '80', forward: 'direct' };

/** The machines of the recordings that they are given to: without a name, the first. */
export const madeOn = 'director1';
const computeNode = 'compute';

type Made = readonly [name: string, value: number, labels?: Sample['labels'], machine?: string];

/** A virtual machine of OpenStack, whose flows the recorded ones could be. */
const owned = {
  ...{ protocol: 'tcp', address: '10.0.0.100', port: '80', zone: '0', evidence: 'address' },
  ...{ port_id: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d', device: 'tap1a2b3c4d-5e', domain: 'instance-0000002a' },
  ...{ vm: 'director-1', vm_id: '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01', project: 'web shop', project_id: '512866f9' },
};

/**
 * What no machine of the recordings has: a director that checks its real servers, tracks things, has a notify FIFO and
 * a limit to keep; a compute node of OpenStack. Made by hand; test/dashboards/queries.test.ts tells when a recording has one of them.
 */
export const madeSamples: readonly Made[] = [
  ['keepalived_vrrp_address_bound', 1, { ...vrrp, address: '10.0.0.100' }],
  ['keepalived_vrrp_address_elsewhere_info', 1, { ...vrrp, address: '10.0.0.100', device: 'lo' }],
  ['keepalived_vrrp_notifications_total', 1, { instance_name: 'web', event: 'master' }],
  ['keepalived_sync_group_notifications_total', 1, { group: 'lab', event: 'master' }],
  ['keepalived_notify_fifo_up', 1],
  ['keepalived_notify_fifo_malformed_lines_total', 0],
  ['keepalived_script_up', 1, { script: 'check' }],
  ['keepalived_script_state', 1, { script: 'check', state: 'idle' }],
  ['keepalived_track_process_up', 1, { process: 'nginx' }],
  ['keepalived_track_process_processes', 4, { process: 'nginx' }],
  ['keepalived_track_file_status', 0, { file: 'drain' }],
  ['keepalived_bfd_up', 1, { bfd: 'router' }],
  ['keepalived_virtual_server_quorum_up', 1, virtualServer],
  ['keepalived_virtual_server_quorum_weight', 1, virtualServer],
  ['keepalived_virtual_server_quorum_hysteresis', 0, virtualServer],
  ['keepalived_virtual_server_weight', 1, virtualServer],
  ['keepalived_virtual_server_real_servers', 2, virtualServer],
  ['keepalived_virtual_server_real_servers_up', 1, virtualServer],
  ['keepalived_sorry_server_in_use', 0, { ...realServer, real_address: '10.0.0.19' }],
  ['keepalived_real_server_up', 1, realServer],
  ['keepalived_real_server_checked', 1, realServer],
  ['keepalived_real_server_effective_weight', 1, realServer],
  ['keepalived_real_server_configured_weight', 1, realServer],
  ['keepalived_real_server_failed_checkers', 1, { ...realServer, checker: 'http' }],
  ['keepalived_ipvs_disagreements', 1],
  ['keepalived_real_server_disagreement', 1, { ...realServer, reason: 'weight' }],
  ['ipvs_connection_entries', 7, { protocol: 'tcp', state: 'established', origin: 'sync' }],
  ['ipvs_connection_templates', 7, { protocol: 'tcp', state: '', origin: 'local' }],
  ['ipvs_connection_scan_entries', 14],
  ['ipvs_connection_scan_truncated', 0],
  ['ipvs_connection_scan_duration_seconds', 0.01],
  ['ipvs_connection_scan_timestamp_seconds', 1_795_401_900],
  ['ipvs_sync_daemon_info', 1, { role: 'master', interface: 'eth0', sync_id: '1' }],
  ['ipvs_upstream_conntrack_limit', 65_536],
  ['network_setting', 1, { name: 'ipv4.ip_forward' }],
  ['network_interface_setting', 0, { interface: 'eth0', name: 'rp_filter' }],
  ['network_reverse_path_filtered_total', 0],
  ['network_hidden_address_info', 1, { address: '10.0.0.100', interface: 'eth0' }],
  ['lvs_platform_memory_bytes', 2 ** 31],
  ['conntrack_destination_info', 1, owned, computeNode],
  ['conntrack_zones', 12, { driver: 'iptables', owner: 'port' }, computeNode],
  ['conntrack_zone_ports', 12, { vm: 'yes', zone: 'yes' }, computeNode],
  ['conntrack_zone_ports', 1, { vm: 'yes', zone: 'no' }, computeNode],
  ['conntrack_zone_ports', 1, { vm: 'no', zone: 'yes' }, computeNode],
  ['conntrack_zone_unread_domains', 1, {}, computeNode],
];

/** As OpenMetrics, at every scrape. Totals rise by one. */
export function renderMade({ startSeconds, endSeconds, stepSeconds }: TimeRange): string {
  const lines: string[] = [];
  for (let scrape = 0; startSeconds + scrape * stepSeconds <= endSeconds; scrape++) {
    for (const [name, value, labels, machine = madeOn] of madeSamples) {
      const risen = name.endsWith('_total') ? value + scrape : value;
      lines.push(renderLine(name, { ...labels, ...targetOf(machine) }, risen, startSeconds + scrape * stepSeconds));
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}
