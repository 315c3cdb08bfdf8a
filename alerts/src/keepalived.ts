import { thresholds } from '../../src/identity/thresholds.ts';
import type { RuleGroup } from './rule.ts';
import { counted, perSecond, realServer, virtualServer } from './templates.ts';
import {
  heardOf,
  isMasterOf,
  mastersOf,
  type Pairs,
  type Select,
  shared,
  silentOf,
  withoutMaster,
  withSeveralMasters,
} from './vrrp-pairs.ts';

const isMaster = 'instance:keepalived_vrrp_address:master';
const masters = 'address:keepalived_vrrp_address:masters';
const heard = 'address:keepalived_vrrp_advertisements_received:increase1m';

const select: Select = (metric, ...matchers) => (matchers.length === 0 ? metric : `${metric}{${matchers.join(',')}}`);

/** A removed address is not among those of silent targets. */
const pairs: Pairs = { masters, heard, silent: silentOf(select, select(isMaster, shared)) };

const instanceOf = 'VRRP instance {{ $labels.instance_name }} (VRID {{ $labels.vrid }}) on {{ $labels.instance }}';
const cluster = '{{ with $labels.cluster }} in cluster {{ . }}{{ end }}';

export const keepalivedRules: RuleGroup = {
  name: 'keepalived.rules',
  // A scrape of 15 s, this and the 30 s of KeepalivedNoMaster are less than a minute.
  intervalSeconds: 5,
  rules: [
    { record: isMaster, expr: isMasterOf(select) },
    { record: masters, expr: mastersOf(select(isMaster, shared)) },
    { record: heard, expr: heardOf(select) },
    // In this group, so that it is evaluated right after what it uses: a group of its own may be 15 s later.
    {
      alert: 'KeepalivedNoMaster',
      severity: 'critical',
      expr: withoutMaster(pairs),
      forSeconds: 30,
      keepFiringForSeconds: 60,
      summary: 'No director is master for a virtual address.',
      description: `No director is master for {{ $labels.address }}${cluster}: no exporter reports a master, and no director receives advertisements of one. Clients cannot reach the services on this address.`,
    },
  ],
};

export const keepalivedAlerts: RuleGroup = {
  name: 'keepalived.alerts',
  intervalSeconds: 15,
  rules: [
    {
      alert: 'KeepalivedSplitBrain',
      severity: 'critical',
      expr: withSeveralMasters(pairs),
      forSeconds: 60,
      keepFiringForSeconds: 60,
      summary: 'More than one director is master for the same virtual address.',
      description: `{{ $value | humanize }} directors are master for {{ $labels.address }}${cluster}: some clients reach the wrong one.`,
    },
    {
      alert: 'KeepalivedAddressMisplaced',
      severity: 'critical',
      expr: `keepalived_vrrp_address_bound != ${isMaster}`,
      forSeconds: 60,
      keepFiringForSeconds: 60,
      summary: 'A virtual address is not on the director that is master.',
      description: `{{ $labels.address }} is {{ if eq $value 1.0 }}set on {{ $labels.instance }}, which is not its master{{ else }}missing on {{ $labels.instance }}, which is its master{{ end }} (VRRP instance {{ $labels.instance_name }}, interface {{ $labels.interface }}).`,
    },
    {
      alert: 'KeepalivedFlapping',
      severity: 'warning',
      expr: `increase(keepalived_vrrp_became_master_total[15m]) >= ${thresholds.keepalivedFlapping.warning}`,
      keepFiringForSeconds: 900,
      summary: 'A VRRP instance repeatedly becomes master.',
      description: `${instanceOf} became master {{ $value | printf "%.0f" }} times in 15 minutes: each change interrupts connections.`,
    },
    {
      alert: 'KeepalivedDown',
      severity: 'warning',
      expr: 'keepalived_up == 0',
      forSeconds: 60,
      keepFiringForSeconds: 60,
      summary: 'keepalived is not running.',
      description:
        'keepalived{{ with $labels.daemon }} {{ . }}{{ end }} is not running on {{ $labels.instance }}: this director cannot take over.',
    },
    {
      alert: 'KeepalivedProcessDown',
      severity: 'critical',
      expr: `avg_over_time(keepalived_process_up[1m]) <= ${thresholds.keepalivedProcess.up} or increase(keepalived_process_restarts_total[10m]) > ${thresholds.keepalivedProcess.restarts}`,
      keepFiringForSeconds: 300,
      summary: 'A process of keepalived is not running, or crashes repeatedly.',
      description:
        'The {{ $labels.process }} process of keepalived{{ with $labels.daemon }} {{ . }}{{ end }} is not running on {{ $labels.instance }}, or crashes repeatedly: {{ if eq $labels.process "vrrp" }}this director cannot be master{{ else if eq $labels.process "checker" }}real servers that fail stay in service{{ else }}BFD sessions are down{{ end }}.',
    },
    {
      alert: 'KeepalivedScriptFailing',
      severity: 'warning',
      expr: 'keepalived_script_up == 0',
      forSeconds: 60,
      keepFiringForSeconds: 120,
      summary: 'A script that keepalived tracks fails.',
      description: 'Script {{ $labels.script }} of keepalived fails on {{ $labels.instance }}.',
    },
    {
      alert: 'KeepalivedAdvertisementsRefused',
      severity: 'warning',
      expr: `rate(keepalived_vrrp_errors_total[5m]) > ${thresholds.keepalivedRefused.warning}`,
      forSeconds: 60,
      keepFiringForSeconds: 300,
      summary: 'A VRRP instance refuses the advertisements of another director.',
      description: `${instanceOf} refuses ${perSecond('advertisement', 'advertisements')}: {{ $labels.kind }}.`,
    },
    {
      alert: 'KeepalivedDumpStale',
      severity: 'warning',
      expr: `lvs_exporter_collector_last_success_timestamp_seconds{collector="keepalived"} - on (job, cluster, instance) group_right () keepalived_dump_timestamp_seconds > ${thresholds.keepalivedDumpAge.warning} and on (job, cluster, instance, daemon) keepalived_up == 1`,
      forSeconds: 60,
      keepFiringForSeconds: 120,
      summary: 'keepalived is running, but does not write new dumps.',
      description:
        'keepalived on {{ $labels.instance }} wrote its {{ $labels.dump }} dump {{ $value | humanizeDuration }} ago: the metrics from this dump are outdated.',
    },
    {
      alert: 'KeepalivedDumpUnreadable',
      severity: 'warning',
      expr: 'keepalived_dump_skipped_lines > 0',
      forSeconds: 300,
      keepFiringForSeconds: 600,
      summary: 'The exporter cannot read parts of a keepalived dump.',
      description:
        `The exporter cannot read ${counted('line', 'lines')} of the {{ $labels.dump }} dump of keepalived on {{ $labels.instance }}. ` +
        'Some metrics are missing, and alerts that need them do not fire.',
    },
    {
      alert: 'KeepalivedQuorumLost',
      severity: 'critical',
      expr: 'keepalived_virtual_server_quorum_up == 0 and keepalived_virtual_server_quorum_weight > 0',
      forSeconds: 30,
      keepFiringForSeconds: 120,
      summary: 'A virtual server has lost its quorum in keepalived.',
      description: `Too few real servers of ${virtualServer} pass their checks on {{ $labels.instance }}.`,
    },
    {
      alert: 'KeepalivedRealServerDown',
      severity: 'warning',
      expr: 'keepalived_real_server_up == 0',
      forSeconds: 60,
      keepFiringForSeconds: 120,
      summary: 'A real server fails the checks of keepalived.',
      description: `Real server ${realServer} of ${virtualServer} fails its checks on {{ $labels.instance }}.`,
    },
    {
      alert: 'KeepalivedKernelDisagrees',
      severity: 'warning',
      expr: 'keepalived_virtual_server_disagreement == 1 or ignoring (real_address, real_port, forward) keepalived_real_server_disagreement == 1',
      forSeconds: 120,
      keepFiringForSeconds: 120,
      summary: "The kernel's IPVS table differs from the state of keepalived.",
      description: `keepalived and the kernel of {{ $labels.instance }} disagree ({{ $labels.reason }}) about {{ if $labels.real_address }}real server ${realServer} of {{ end }}${virtualServer}.`,
    },
  ],
};
