import { groups } from '../../alerts/src/groups.ts';
import { isAlert, type RecordingRule } from '../../alerts/src/rule.ts';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { exporterMetrics } from '../../src/scrape/exporter-metrics.ts';
import { type PromqlNode, parsePromql } from './promql.ts';

/** Labels of a target: `cluster` is for the user to give, `netns` and `daemon` are there where there are several. */
export const targetLabels = ['job', 'instance', 'cluster', 'netns', 'daemon'];

const declared = [...exporterMetrics, ...createCollectors(defaultSettings).flatMap(({ metrics }) => metrics)];

/** Labels of every series that a rule may use: what the exporter declares, what Prometheus adds, what is recorded. */
const known: ReadonlyMap<string, () => ReadonlySet<string>> = new Map([
  ...declared.map(({ name, labels }) => [name, () => new Set([...targetLabels, ...labels])] as const),
  ['up', () => new Set(targetLabels)] as const,
  ...groups
    .flatMap(({ rules }) => rules)
    .flatMap((rule) => (isAlert(rule) ? [] : [[rule.record, labelsOfRecorded(rule)] as const])),
]);

/** A rule that looks back at itself is one of targets. */
function labelsOfRecorded({ expr }: RecordingRule): () => ReadonlySet<string> {
  let isUnderWay = false;
  return () => {
    if (isUnderWay) return new Set(targetLabels);
    isUnderWay = true;
    try {
      return labelsOf(expr);
    } finally {
      isUnderWay = false;
    }
  };
}

/** Labels that the result of an expression can have. Throws where one is used that is not there. */
export function labelsOf(expression: string): ReadonlySet<string> {
  return resultOf(parsePromql(expression));
}

function resultOf(node: PromqlNode): ReadonlySet<string> {
  const [first] = node.children;
  switch (node.name) {
    case 'VectorSelector':
      return selectorLabels(node);
    case 'AggregateExpr':
      return aggregate(node);
    case 'BinaryExpr':
      return combine(node);
    case 'FunctionCall':
      return argumentLabels(node);
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return scalar;
    default:
      if (!first) throw new SyntaxError(`Expected an expression, got ${node.text}`);
      return resultOf(first);
  }
}

const scalar: ReadonlySet<string> = new Set();

function selectorLabels({ text, children }: PromqlNode): ReadonlySet<string> {
  const name = find(children, 'Identifier')?.text ?? '';
  const labels = known.get(name)?.();
  if (!labels) throw new ReferenceError(`Nothing is called ${name}`);
  requireAll(text, labels, namesIn(find(children, 'LabelMatchers')));
  return labels;
}

function aggregate({ text, children }: PromqlNode): ReadonlySet<string> {
  const body = find(children, 'FunctionCallBody');
  const modifier = find(children, 'AggregateModifier');
  const inner = resultOf(body?.children.at(-1) ?? fail(text));
  const names = namesIn(modifier);
  if (modifier?.children[0]?.name === 'Without') return new Set([...inner].filter((label) => !names.includes(label)));
  const [, added] = /^count_values [^"]*\("(\w+)",/.exec(text) ?? [];
  return new Set([...names.filter((label) => inner.has(label)), ...(added === undefined ? [] : [added])]);
}

/** Of the argument that is a vector. */
function argumentLabels({ text, children }: PromqlNode): ReadonlySet<string> {
  const body = find(children, 'FunctionCallBody');
  const all = (body?.children ?? fail(text)).map(resultOf);
  const labels = all.find((one) => one !== scalar) ?? scalar;
  const [, added] = /^label_replace\(.*"(\w+)", "[^"]*", "", ""\)$/s.exec(text) ?? [];
  return added === undefined ? labels : union(labels, new Set([added]));
}

function combine({ text, children }: PromqlNode): ReadonlySet<string> {
  const [left, right] = [resultOf(children[0] ?? fail(text)), resultOf(children.at(-1) ?? fail(text))];
  if (left === scalar || right === scalar) return left === scalar ? right : left;
  const clause = find(children, 'MatchingModifierClause');
  const names = namesIn(clause && find(clause.children, 'GroupingLabels'));
  if (!clause) requireEqual(text, left, right);
  else if (clause.children[0]?.name === 'Ignoring') requireEqual(text, omit(left, names), omit(right, names));
  else requireAll(text, union(left, right), names);
  if (children.some(({ name }) => name === 'Or')) return union(left, right);
  if (clause?.children.some(({ name }) => name === 'GroupRight')) return right;
  if (!clause || isSetOperation(children) || clause.children.some(({ name }) => name === 'GroupLeft')) return left;
  return clause.children[0]?.name === 'Ignoring' ? omit(left, names) : new Set(names);
}

function isSetOperation(children: readonly PromqlNode[]): boolean {
  return children.some(({ name }) => ['And', 'Or', 'Unless'].includes(name));
}

function find(nodes: readonly PromqlNode[], name: string): PromqlNode | undefined {
  return nodes.find((node) => node.name === name);
}

function namesIn(node: PromqlNode | undefined): string[] {
  if (!node) return [];
  return node.name === 'LabelName' ? [node.text] : node.children.flatMap(namesIn);
}

function omit(labels: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> {
  return new Set([...labels].filter((label) => !names.includes(label)));
}

function union(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one, ...other]);
}

function requireAll(text: string, labels: ReadonlySet<string>, names: readonly string[]): void {
  for (const name of names) if (!labels.has(name)) throw new ReferenceError(`No label ${name} in ${text}`);
}

function requireEqual(text: string, one: ReadonlySet<string>, other: ReadonlySet<string>): void {
  const different = [...omit(one, [...other]), ...omit(other, [...one])];
  if (different.length > 0)
    throw new TypeError(`Vectors differ in ${different.join(', ')} without on() or ignoring(): ${text}`);
}

function fail(text: string): never {
  throw new SyntaxError(`Expected an operand in ${text}`);
}
