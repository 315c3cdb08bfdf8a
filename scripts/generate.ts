import { writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { migrationFile } from '../alerts/src/migration.ts';
import { prometheusRuleFile } from '../alerts/src/prometheus-rule.ts';
import { ruleFile } from '../alerts/src/rule-file.ts';
import { dashboards, render } from '../dashboards/src/index.ts';
import { publishable } from '../dashboards/src/publishable.ts';
import { acceptedMetrics, acceptedMetricsPath } from './accepted-metrics.ts';
import { alertsDocument } from './alert-table.ts';
import { findingsDocument } from './findings-document.ts';
import { incidentsDocument } from './incidents-document.ts';
import { metricsDocument } from './metrics-document.ts';
import { documentsWithOrder } from './remedy-order.ts';
import { reportSchemaFile } from './report-schema.ts';

/** Every generated file, by its path from the root, with what it should hold. */
export const generated: Readonly<Record<string, () => string>> = {
  'docs/metrics.md': metricsDocument,
  [acceptedMetricsPath]: acceptedMetrics,
  'docs/alerts.md': alertsDocument,
  'docs/diagnose.schema.json': reportSchemaFile,
  'docs/findings.md': findingsDocument,
  'docs/incidents.md': incidentsDocument,
  ...documentsWithOrder,
  'alerts/lvs-exporter.rules.yml': ruleFile,
  // For mixin.libsonnet: jsonnet 0.18 of Debian does not read this YAML.
  'alerts/lvs-exporter.rules.json': () => `${JSON.stringify(parse(ruleFile()), undefined, 2)}\n`,
  'alerts/prometheus-rule.yaml': prometheusRuleFile,
  'alerts/migration.rules.yml': migrationFile,
  ...Object.fromEntries(dashboards.map((one) => [`dashboards/${one.uid}.json`, () => render(one)])),
  // Not below dashboards/: Grafana would provision each dashboard twice.
  ...Object.fromEntries(dashboards.map((one) => [`grafana.com/${one.uid}.json`, () => render(publishable(one))])),
};

if (import.meta.url === `file://${process.argv[1]}`) {
  for (const [path, make] of Object.entries(generated)) {
    await writeFile(new URL(`../${path}`, import.meta.url), make());
  }
}
