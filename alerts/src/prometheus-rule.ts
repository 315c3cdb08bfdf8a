import { groups } from './groups.ts';
import { comment, renderGroup, ruleFileHead, toYaml } from './rule-file.ts';

/** The same groups for the Prometheus Operator. */
export const prometheusRule = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'lvs-exporter', labels: { 'app.kubernetes.io/name': 'lvs-exporter' } },
  spec: { groups: groups.map(renderGroup) },
} as const;

/** alerts/prometheus-rule.yaml. */
export function prometheusRuleFile(): string {
  const labels = ' Add the labels here that the ruleSelector of your Prometheus asks for, often `release`.';
  return `${comment(`${ruleFileHead}\n${labels}`)}${toYaml(prometheusRule)}`;
}
