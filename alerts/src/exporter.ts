import { scanTimestamp } from '../../src/collectors/conntrack-table/metrics.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { collectorInterval, collectorLastSuccess } from '../../src/scrape/exporter-metrics.ts';
import type { RuleGroup } from './rule.ts';
import { machine } from './templates.ts';

/** The targets that are, or were, exporters. */
const known = 'instance:lvs_exporter_build_info:known1h';

/** By the clock of the machine alone: that of the collector which every scrape runs, and that of the last scan. */
const sinceScan = `${collectorLastSuccess.name}{collector="conntrack"} - on (job, instance) group_right () ${scanTimestamp.name}`;

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
      expr: `group by (job, instance) (lvs_exporter_build_info)
or group by (job, instance) (last_over_time(${known}[1h])) and on (job, instance) up`,
    },
  ],
};

export const exporterAlerts: RuleGroup = {
  name: 'lvs-exporter.alerts',
  intervalSeconds: 15,
  rules: [
    {
      alert: 'LvsExporterTargetDown',
      severity: 'warning',
      expr: `up == 0 and on (job, instance) ${known}`,
      forSeconds: 120,
      keepFiringForSeconds: 60,
      summary: 'An exporter does not answer.',
      description: 'Prometheus gets nothing from the exporter on {{ $labels.instance }}: the machine is not watched.',
    },
    {
      alert: 'LvsExporterCollectorFailing',
      severity: 'warning',
      expr: 'lvs_exporter_collector_success == 0',
      forSeconds: 300,
      keepFiringForSeconds: 120,
      summary: 'A collector of the exporter fails.',
      description: 'Collector {{ $labels.collector }} fails on {{ $labels.instance }}: its metrics are missing.',
    },
    {
      alert: 'LvsExporterScanStale',
      severity: 'warning',
      expr: `${sinceScan} > on (job, instance) group_left () clamp_min(${thresholds.scanAge.missed} * ${collectorInterval.name}{collector="conntrack-table"}, ${thresholds.scanAge.warning})`,
      forSeconds: 60,
      keepFiringForSeconds: 120,
      summary: 'The connection tracking table is not read any more.',
      description: `The forecast of ${machine} is old: no scan of its connection tracking table has ended lately.`,
    },
    {
      alert: 'LvsExporterSeriesLimited',
      severity: 'info',
      expr: 'lvs_exporter_series_limited > 0',
      forSeconds: 900,
      keepFiringForSeconds: 900,
      summary: 'A collector has more series than its limit, and holds some back.',
      description:
        'Collector {{ $labels.collector }} on {{ $labels.instance }} holds back {{ $value | humanize }} series.',
    },
    {
      alert: 'LvsExporterNotInHostNamespace',
      severity: 'warning',
      expr: 'lvs_host_network_namespace == 0',
      forSeconds: 900,
      keepFiringForSeconds: 900,
      summary: "The exporter does not see the host's network namespace.",
      description:
        "The exporter on {{ $labels.instance }} counts the flows of another network namespace than the host's, and compares them with the host's limit.",
    },
  ],
};
