import { stringify } from 'yaml';
import { projectAddress } from '../../packaging/project-address.ts';
import { duration } from './duration.ts';
import { groups } from './groups.ts';
import { type AlertRule, isAlert, type RecordingRule, type RuleGroup } from './rule.ts';
import { safeLabels } from './safe-labels.ts';

/** Where the runbooks are read: one file for each alert. */
export const runbooks = `${projectAddress}/blob/main/docs/runbooks`;

export const ruleFileHead = ` Made by \`npm run generate\` from alerts/src/, with the thresholds of src/identity/thresholds.ts: change those.
 Without Node.js, change the number in the expression here, and load this file as it then is.`;

/** alerts/lvs-exporter.rules.yml: what Prometheus loads. */
export function ruleFile(): string {
  return `${comment(ruleFileHead)}${renderRules(groups)}`;
}

export function renderRules(some: readonly RuleGroup[]): string {
  return toYaml({ groups: some.map(renderGroup) });
}

export function renderGroup({ name, intervalSeconds, rules }: RuleGroup) {
  return {
    name,
    interval: duration(intervalSeconds),
    rules: rules.map((rule) => (isAlert(rule) ? renderAlert(rule) : renderRecording(rule))),
  };
}

function renderRecording({ record, expr }: RecordingRule) {
  return { record, expr };
}

export function renderAlert({
  alert,
  expr,
  forSeconds = 0,
  keepFiringForSeconds,
  severity,
  summary,
  description,
}: AlertRule) {
  return {
    alert,
    expr,
    ...(forSeconds > 0 ? { for: duration(forSeconds) } : {}),
    keep_firing_for: duration(keepFiringForSeconds),
    labels: { severity },
    annotations: { summary, description: safeLabels(description), runbook_url: `${runbooks}/${alert}.md` },
  };
}

export function comment(text: string): string {
  return text.replace(/^/gm, '#').concat('\n');
}

export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
