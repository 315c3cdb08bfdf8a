import { scanTimestamp } from '../../src/collectors/conntrack-table/metrics.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { collectorInterval, collectorLastSuccess } from '../../src/scrape/exporter-metrics.ts';
import { notKubeProxy } from './ipvs.ts';
import type { RuleGroup } from './rule.ts';
import { machine } from './templates.ts';

/** The targets that are, or were, exporters. One that never answered counts as one where all that answer are. */
const known = 'instance:lvs_exporter_build_info:known1h';

/** By the clock of the machine alone: that of the collector which every scrape runs, and that of the last scan. */
const sinceScan = `${collectorLastSuccess.name}{collector="conntrack"} - on (job, cluster, instance) group_right () ${scanTimestamp.name}`;

/**
 * Keeps what it recorded for as long as there is the target, so that an exporter which has been down for a week is still
 * known for one. The hour is for Prometheus itself, which may be away.
 */
export const exporterRules: RuleGroup = {
  name: 'lvs-exporter.rules',
  intervalSeconds: 15,
  rules: [
    {
      record: known,
      expr: `group by (job, cluster, instance) (lvs_exporter_build_info)
or group by (job, cluster, instance) (last_over_time(${known}[1h])) and on (job, cluster, instance) up`,
    },
  ],
};

/** Kubernetes has more real servers on each of its nodes than are of use one by one. Nothing raises the limit of the network collector. */
const limited = `lvs_exporter_series_limited{collector!="network"} > 0 ${notKubeProxy} or lvs_exporter_series_limited{collector!~"ipvs|network"} > 0`;

export const exporterAlerts: RuleGroup = {
  name: 'lvs-exporter.alerts',
  intervalSeconds: 15,
  rules: [
    {
      alert: 'LvsExporterTargetDown',
      severity: 'warning',
      expr: `up == 0 and on (job, cluster, instance) ${known}
or up == 0 and on (job) ${known} unless on (job) (up == 1 unless on (job, cluster, instance) ${known})`,
      forSeconds: 120,
      keepFiringForSeconds: 60,
      summary: 'Prometheus cannot scrape an exporter.',
      description: 'Prometheus cannot scrape the exporter on {{ $labels.instance }}: the machine is not monitored.',
    },
    {
      alert: 'LvsExporterCollectorFailing',
      severity: 'warning',
      expr: 'lvs_exporter_collector_success == 0',
      forSeconds: 300,
      keepFiringForSeconds: 120,
      summary: 'A collector of the exporter fails, so its metrics are missing.',
      description:
        'Collector {{ $labels.collector }} fails on {{ $labels.instance }}: its metrics are missing, and alerts that need them do not fire.',
    },
    {
      alert: 'LvsExporterScanStale',
      severity: 'warning',
      expr: `${sinceScan} > on (job, cluster, instance) group_left () clamp_min(${thresholds.scanAge.missed} * ${collectorInterval.name}{collector="conntrack-table"}, ${thresholds.scanAge.warning})`,
      forSeconds: 60,
      keepFiringForSeconds: 120,
      summary: 'The connection tracking table is no longer read.',
      description: `The forecast of ${machine} is outdated: no recent scan of its connection tracking table has completed.`,
    },
    {
      alert: 'LvsExporterSeriesLimited',
      severity: 'info',
      expr: limited,
      forSeconds: 900,
      keepFiringForSeconds: 900,
      summary: 'A collector exceeds its series limit and leaves out some series.',
      description:
        'Collector {{ $labels.collector }} on {{ $labels.instance }} leaves out {{ $value | humanize }} series.',
    },
    {
      alert: 'LvsExporterNotInHostNamespace',
      severity: 'warning',
      expr: 'lvs_host_network_namespace == 0 unless on (job, cluster, instance) ipvs_virtual_server_info unless on (job, cluster, instance) keepalived_up',
      forSeconds: 900,
      keepFiringForSeconds: 900,
      summary: "The exporter does not run in the host's network namespace.",
      description:
        "The exporter on {{ $labels.instance }} counts the flows of its own network namespace instead of the host's: it does not see the connections of the host.",
    },
  ],
};
