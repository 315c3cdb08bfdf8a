import {
  ipvsRealServerActiveConnections,
  ipvsRealServerInactiveConnections,
  ipvsRealServerWeight,
} from '../../src/collectors/ipvs/metrics.ts';
import { keepalivedScriptUp } from '../../src/collectors/keepalived/tracker-metrics.ts';
import type { RecordingRule, RuleGroup } from './rule.ts';
import { comment, renderGroup, toYaml } from './rule-file.ts';

/**
 * The names of node_exporter and of mehdy/keepalived-exporter, recorded from ours, so that dashboards and rules that use
 * those go on working.
 */
export const migrationGroups: readonly RuleGroup[] = [
  { name: 'node-exporter-ipvs.rules', intervalSeconds: 15, rules: nodeExporterIpvs() },
  { name: 'node-exporter-conntrack.rules', intervalSeconds: 15, rules: nodeExporterConntrack() },
  { name: 'keepalived-exporter.rules', intervalSeconds: 15, rules: keepalivedExporter() },
];

/** alerts/migration.rules.yml. */
export function migrationFile(): string {
  const head = ' Made by `npm run generate` from alerts/src/migration.ts. See docs/migration.md.';
  return `${comment(head)}${toYaml({ groups: migrationGroups.map(renderGroup) })}`;
}

function nodeExporterIpvs(): RecordingRule[] {
  const totals = ['connections', 'incoming_packets', 'outgoing_packets', 'incoming_bytes', 'outgoing_bytes'];
  const backends = {
    node_ipvs_backend_connections_active: ipvsRealServerActiveConnections.name,
    node_ipvs_backend_connections_inactive: ipvsRealServerInactiveConnections.name,
    node_ipvs_backend_weight: ipvsRealServerWeight.name,
  };
  return [
    ...totals.map((name) => ({ record: `node_ipvs_${name}_total`, expr: `ipvs_${name}_total` })),
    ...Object.entries(backends).map(([record, ours]) => ({ record, expr: asBackend(ours) })),
  ];
}

/** node_exporter exports protocols in capitals, `FWM` for a firewall mark, whose port is 0. */
function asBackend(series: string): string {
  const relabelled = relabel(series, [
    ['local_address', '$1', 'address', '(.+)'],
    ['local_port', '0', 'port', ''],
    ['local_port', '$1', 'port', '(.+)'],
    ['local_mark', '$1', 'fwmark', '(.+)'],
    ['remote_address', '$1', 'real_address', '(.+)'],
    ['remote_port', '$1', 'real_port', '(.+)'],
    ['proto', 'FWM', 'protocol', ''],
    ...['tcp', 'udp', 'sctp'].map((name) => ['proto', name.toUpperCase(), 'protocol', name] as const),
  ]);
  return `sum without (protocol, address, port, fwmark, family, real_address, real_port, forward) (${relabelled})`;
}

function nodeExporterConntrack(): RecordingRule[] {
  const counters = ['found', 'invalid', 'insert_failed', 'drop', 'early_drop', 'search_restart'];
  return [
    { record: 'node_nf_conntrack_entries', expr: 'conntrack_entries{netns=""}' },
    { record: 'node_nf_conntrack_entries_limit', expr: 'conntrack_entries_limit{netns=""}' },
    ...counters.map((name) => ({
      record: `node_nf_conntrack_stat_${name}`,
      expr: `sum without (cpu) (conntrack_${name}_total{netns=""})`,
    })),
  ];
}

function keepalivedExporter(): RecordingRule[] {
  const counters = {
    advertisements_received: 'advertisements_received',
    advertisements_sent: 'advertisements_sent',
    become_master: 'became_master',
    release_master: 'released_master',
    priority_zero_received: 'priority_zero_received',
    priority_zero_sent: 'priority_zero_sent',
  };
  const errors = {
    packet_length_errors: 'packet_length',
    advertisements_interval_errors: 'advertisement_interval',
    ip_ttl_errors: 'ttl',
    invalid_type_received: 'invalid_type',
    address_list_errors: 'address_list',
    authentication_invalid: 'invalid_authentication_type',
    authentication_mismatch: 'authentication_type_mismatch',
    authentication_failure: 'authentication_failure',
  };
  return [
    { record: 'keepalived_exporter_vrrp_state', expr: numericState() },
    {
      record: 'keepalived_script_status',
      expr: drop('script', [['name', '$1', 'script', '(.+)']], keepalivedScriptUp.name),
    },
    ...Object.entries(counters).map(([theirs, ours]) => counter(theirs, `keepalived_vrrp_${ours}_total`)),
    ...Object.entries(errors).map(([theirs, kind]) => counter(theirs, `keepalived_vrrp_errors_total{kind="${kind}"}`)),
  ];
}

function counter(theirs: string, ours: string): RecordingRule {
  return { record: `keepalived_${theirs}_total`, expr: asInstance(ours, 'kind') };
}

/** 0 INIT, 1 BACKUP, 2 MASTER, 3 FAULT, as keepalived numbers them: once for each address of the instance. */
function numericState(): string {
  const state = (name: string) => `keepalived_vrrp_state{state="${name}"}`;
  const number = `sum without (state) (${state('backup')} or ${state('master')} * 2 or ${state('fault')} * 3)`;
  const instance = 'job, cluster, instance, instance_name, interface, vrid, family';
  const perAddress = `0 * keepalived_vrrp_address_bound + on (${instance}) group_left () (${number})`;
  return drop('address', [['ip_address', '$1', 'address', '(.+)']], asInstance(perAddress, 'state'));
}

function asInstance(series: string, dropped: string): string {
  return drop(
    `instance_name, interface, family, ${dropped}`,
    [
      ['iname', '$1', 'instance_name', '(.+)'],
      ['intf', '$1', 'interface', '(.+)'],
    ],
    series,
  );
}

type Relabelling = readonly [to: string, replacement: string, from: string, pattern: string];

function relabel(series: string, steps: readonly Relabelling[]): string {
  return steps.reduce(
    (inner, step) => `label_replace(${inner}, ${step.map((part) => `"${part}"`).join(', ')})`,
    series,
  );
}

function drop(labels: string, steps: readonly Relabelling[], series: string): string {
  return `sum without (${labels}) (${relabel(series, steps)})`;
}
