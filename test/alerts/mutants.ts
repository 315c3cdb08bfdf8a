import { type AlertRule, isAlert, type RecordingRule, type RuleGroup } from '../../alerts/src/rule.ts';
import { descend, type PromqlNode, parsePromql } from './promql.ts';

/** Rules with one mistake in them. */
export interface Mutant {
  /** Rule, and what is different. */
  readonly name: string;
  readonly groups: readonly RuleGroup[];
  readonly rule: AlertRule | RecordingRule;
}

/** All mistakes that tests should notice, one at a time. */
export function makeMutants(groups: readonly RuleGroup[]): Mutant[] {
  return groups.flatMap((group) =>
    group.rules.flatMap((rule) =>
      mutate(rule).map(({ name, mutated }) => ({
        name: `${isAlert(rule) ? `${rule.alert} ${rule.severity}` : rule.record}: ${name}`,
        groups: groups.map((one) =>
          one === group ? { ...one, rules: one.rules.map((each) => (each === rule ? mutated : each)) } : one,
        ),
        rule,
      })),
    ),
  );
}

interface Mutation<Rule> {
  readonly name: string;
  readonly mutated: Rule;
}

function mutate(rule: AlertRule | RecordingRule): Mutation<AlertRule | RecordingRule>[] {
  const expressions = mutateExpression(rule.expr).map(({ name, mutated }) => ({
    name,
    mutated: { ...rule, expr: mutated },
  }));
  return isAlert(rule) ? [...expressions, ...mutateTimes(rule)] : expressions;
}

function mutateTimes(rule: AlertRule): Mutation<AlertRule>[] {
  const { forSeconds = 0, keepFiringForSeconds } = rule;
  return [
    ...(forSeconds > 0 ? [{ name: 'no for', mutated: { ...rule, forSeconds: 0 } }] : []),
    { name: 'longer for', mutated: { ...rule, forSeconds: forSeconds * 1.2 + 60 } },
    { name: 'no keep_firing_for', mutated: { ...rule, keepFiringForSeconds: 1 } },
    { name: 'longer keep_firing_for', mutated: { ...rule, keepFiringForSeconds: keepFiringForSeconds * 1.2 + 60 } },
  ];
}

function mutateExpression(expression: string): Mutation<string>[] {
  return descend(parsePromql(expression)).flatMap((node) =>
    alternatives(node).map((text) => ({
      name: `${node.text} -> ${text}`.replaceAll(/\s+/g, ' '),
      mutated: expression.slice(0, node.from) + text + expression.slice(node.to),
    })),
  );
}

const flipped: Readonly<Record<string, string>> = { Gtr: '<', Lss: '>', Gte: '<', Lte: '>', Eql: '!=', Neq: '==' };

/** What else a piece of an expression could be by mistake: a number, a comparison, a condition, a label. */
function alternatives(node: PromqlNode): string[] {
  const { name, text, children } = node;
  const [left, operator] = children;
  const right = children.at(-1);
  if (name === 'NumberDurationLiteral' && Number(text) !== 0)
    return [1.1, 0.9].map((by) => String(Number((Number(text) * by).toPrecision(6))));
  if (name === 'UnquotedLabelMatcher') return ['job!=""'];
  if (name !== 'BinaryExpr' || !left || !operator || !right) return [];
  const flip = flipped[operator.name];
  if (flip !== undefined && !children.some((child) => child.name === 'BoolModifier')) {
    return [`${left.text} ${flip} ${right.text}`];
  }
  if (operator.name === 'And' || operator.name === 'Unless') return [left.text];
  return operator.name === 'Or' ? [left.text, right.text] : [];
}
