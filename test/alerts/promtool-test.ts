import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert, type RuleGroup } from '../../alerts/src/rule.ts';
import { renderAlert, renderRules } from '../../alerts/src/rule-file.ts';
import type { AlertTest, Firing } from '../../alerts/tests/alert-test.ts';
import { seriesValues } from '../../alerts/tests/series-values.ts';
import { only } from './dependencies.ts';

/**
 * Writes a file for `promtool test rules` and a rule file with what its tests look at, and gives the name of the first.
 * All tests are evaluated at the same interval.
 */
export async function writeTests(
  folder: string,
  name: string,
  rules: readonly RuleGroup[],
  tests: readonly AlertTest[],
): Promise<string> {
  const intervals = [...new Set(tests.map(evaluationSeconds))];
  if (intervals.length !== 1) throw new RangeError(`Expected one evaluation interval, got ${intervals.join(', ')}`);
  const needed = only(
    rules,
    tests.flatMap(({ alerts }) => alerts),
  );
  const ruleFile = `${name}.rules.yml`;
  const testFile = `${name}.test.yml`;
  await writeFile(join(folder, ruleFile), renderRules(needed));
  const test = {
    rule_files: [ruleFile],
    evaluation_interval: `${intervals[0]}s`,
    // Otherwise promtool takes them in any order, and alerts may see what was recorded an interval ago.
    group_eval_order: needed.map((group) => group.name),
    tests: tests.map(renderTest),
  };
  await writeFile(join(folder, testFile), stringify(test, { aliasDuplicateObjects: false, lineWidth: 0 }));
  return testFile;
}

export function evaluationSeconds({ evaluationSeconds, alerts: [alert] }: AlertTest): number {
  const group = groups.find(({ rules }) => rules.some((rule) => isAlert(rule) && rule.alert === alert));
  const seconds = evaluationSeconds ?? group?.intervalSeconds;
  if (seconds === undefined) throw new RangeError(`Expected a rule for ${alert}`);
  return seconds;
}

function renderTest({ alerts, series, scrapeSeconds = 15, expected }: AlertTest) {
  return {
    interval: `${scrapeSeconds}s`,
    input_series: Object.entries(series).map(([name, words]) => ({
      series: name,
      values: seriesValues(words, scrapeSeconds),
    })),
    alert_rule_test: Object.entries(expected).flatMap(([time, firings]) =>
      alerts.map((alert) => ({
        eval_time: time,
        alertname: alert,
        exp_alerts: firings
          .filter((firing) => (firing.alert ?? alerts[0]) === alert)
          .map((firing) => expectAlert(alert, firing)),
      })),
    ),
  };
}

/** The fixed annotations come from the rule: what is exact here are labels and description. */
function expectAlert(alert: string, { severity, labels, description }: Firing) {
  const rule = groups
    .flatMap(({ rules }) => rules.filter(isAlert))
    .find((one) => one.alert === alert && one.severity === severity);
  if (!rule) throw new RangeError(`Expected a rule for ${alert} with severity ${severity}`);
  return {
    exp_labels: { severity, ...labels },
    exp_annotations: { ...renderAlert(rule).annotations, description },
  };
}
