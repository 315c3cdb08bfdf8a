import { type AlertRule, isAlert, type RecordingRule, type RuleGroup } from '../../alerts/src/rule.ts';

type Rule = AlertRule | RecordingRule;

/** The groups with only these alerts, and what they need. */
export function only(groups: readonly RuleGroup[], alerts: readonly string[]): RuleGroup[] {
  const needed = new Set<Rule>();
  const all = groups.flatMap(({ rules }) => rules);
  const need = (rule: Rule) => {
    if (needed.has(rule)) return;
    needed.add(rule);
    for (const other of all) if (!isAlert(other) && uses(rule, other.record)) need(other);
  };
  for (const rule of all) if (isAlert(rule) && alerts.includes(rule.alert)) need(rule);
  return groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => needed.has(rule)) }))
    .filter(({ rules }) => rules.length > 0);
}

/** Names of the alerts that a rule is part of: its own, or those that need what it records. */
export function dependents(groups: readonly RuleGroup[], rule: Rule): string[] {
  if (isAlert(rule)) return [rule.alert];
  const users = groups.flatMap(({ rules }) => rules).filter((other) => other !== rule && uses(other, rule.record));
  return [...new Set(users.flatMap((user) => dependents(groups, user)))];
}

/** In its expression, or in a query of its description. */
function uses(rule: Rule, record: string): boolean {
  const text = isAlert(rule) ? `${rule.expr} ${rule.description}` : rule.expr;
  return new RegExp(`${record}(?![\\w:])`).test(text);
}
