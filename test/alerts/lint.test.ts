import { access, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { type AlertRule, isAlert, type RecordingRule } from '../../alerts/src/rule.ts';
import { renderAlert } from '../../alerts/src/rule-file.ts';
import { allAlertTests } from '../../alerts/tests/index.ts';
import { parseDuration } from '../../src/parsers/duration.ts';
import { labelsOf } from './label-sets.ts';
import { descend, type PromqlNode, parsePromql } from './promql.ts';

type Rule = AlertRule | RecordingRule;

const rules = groups.flatMap((group) => group.rules);
const alerts = rules.filter(isAlert);
const records = rules.filter((rule): rule is RecordingRule => !isAlert(rule));

const nameOf = (rule: Rule) => (isAlert(rule) ? `${rule.alert} ${rule.severity}` : rule.record);
const each = <R extends Rule>(some: readonly R[]) => some.map((rule) => ({ name: nameOf(rule), rule }));

/** The scrape interval that the rules are made for. */
const scrapeSeconds = 15;

function nodes(rule: Rule, ...names: readonly string[]): PromqlNode[] {
  return descend(parsePromql(rule.expr)).filter(({ name }) => names.includes(name));
}

describe('groups', () => {
  it('have names of their own, by what they hold', () => {
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
    for (const { name, rules: own } of groups) {
      // An alert that must not wait for another group is evaluated right after what it uses is recorded.
      const alerts = own.map(isAlert);
      expect(alerts).toEqual(name.endsWith('.alerts') ? own.map(() => true) : alerts.toSorted());
      expect(alerts[0]).toBe(name.endsWith('.alerts'));
    }
  });

  it('are evaluated often enough for an instant query to find what they recorded', () => {
    for (const { intervalSeconds } of groups) expect(intervalSeconds).toBeLessThanOrEqual(150);
  });

  it.each(each(rules))('$name comes after what it needs, but for itself', ({ rule }) => {
    const before = rules.slice(0, rules.indexOf(rule) + 1);
    const needed = nodes(rule, 'Identifier').filter(({ text }) => text.includes(':'));
    for (const { text } of needed) {
      expect(
        before.some((one) => !isAlert(one) && one.record === text),
        text,
      ).toBe(true);
    }
  });
});

describe('expressions', () => {
  it.each(each(rules))('$name uses series and labels that there are, and reports how vectors match', ({ rule }) => {
    expect(() => labelsOf(rule.expr)).not.toThrow();
  });

  // Two clusters may have machines of one name: a match that is not unique fails the rule for all machines.
  it.each(each(rules))('$name distinguishes machines of two clusters', ({ rule }) => {
    expect(rule.expr).not.toMatch(/\b(on|by) \((?=[^()]*\binstance\b)(?![^()]*\bcluster\b)/);
    if (isAlert(rule)) expect(rule.description).not.toMatch(/\{(?=[^{}]*\binstance=%q)(?![^{}]*\bcluster=%q)/);
  });

  it.each(each(rules))('$name looks back over four scrapes or more', ({ rule }) => {
    for (const { children } of nodes(rule, 'MatrixSelector')) {
      expect(parseDuration(children.at(-1)?.text ?? '')).toBeGreaterThanOrEqual(4 * scrapeSeconds);
    }
  });

  it.each(each(rules))('$name takes no counter as it is', ({ rule }) => {
    const counted = /^(rate|increase) ?\(|^group (without|by) /;
    const safe = nodes(rule, 'FunctionCall', 'AggregateExpr').filter(({ text }) => counted.test(text));
    const inside = (node: PromqlNode) => safe.some(({ from, to }) => from <= node.from && node.to <= to);
    const raw = nodes(rule, 'Identifier').filter((node) => node.text.endsWith('_total') && !inside(node));
    expect(raw.map(({ text }) => text)).toEqual([]);
  });

  it.each(each(rules))('$name takes no rate of what is none', ({ rule }) => {
    const rates = nodes(rule, 'FunctionCall').filter(({ text }) => /^(rate|increase)\b/.test(text));
    for (const { text } of rates) expect(text).toMatch(/^\w+\(\w+_total[[{]/);
  });

  it.each(each(rules))('$name divides by nothing that can be 0', ({ rule }) => {
    const divisions = nodes(rule, 'BinaryExpr').filter(({ children }) => children.some(({ name }) => name === 'Div'));
    for (const { children } of divisions) expect(children.at(-1)?.text).toMatch(/ > [\d.]+\)$/);
  });

  it.each(each(rules))('$name uses what Prometheus 2.42 and 3 both have', ({ rule }) => {
    const functions = nodes(rule, 'FunctionIdentifier').map(({ text }) => text);
    const both = ['avg', 'changes', 'clamp_min', 'increase', 'label_replace', 'last', 'max', 'min', 'quantile', 'rate'];
    expect(functions.filter((name) => !both.includes(name.replace(/_over_time$/, '')))).toEqual([]);
    expect(rule.expr).not.toMatch(/\b(topk|bottomk|limitk|smoothed|anchored)\b|@/);
  });
});

describe('recording rules', () => {
  it.each(each(records))('$name has level, metric and operations in its name', ({ rule }) => {
    expect(rule.record).toMatch(/^[a-z_]+:[a-z0-9_]+:[a-z0-9_]+$/);
    expect(rule.record).not.toMatch(/_total\b/);
  });

  it.each(each(records))('$name has the span in its name that it looks back over', ({ rule }) => {
    const [, span] = /\D(\d+[smhd])$/.exec(rule.record) ?? [];
    const ranges = nodes(rule, 'MatrixSelector').map(({ children }) => children.at(-1)?.text);
    expect(ranges.every((range) => range === span)).toBe(true);
  });

  it.each(each(records))('$name is used', ({ rule }) => {
    const texts = rules
      .filter((one) => one !== rule)
      .map((one) => (isAlert(one) ? one.expr + one.description : one.expr));
    expect(texts.some((text) => text.includes(rule.record))).toBe(true);
  });
});

describe('alerts', () => {
  it('are distinguished by name and severity', () => {
    expect(new Set(alerts.map(nameOf)).size).toBe(alerts.length);
  });

  it.each(each(alerts))('$name is named after a subsystem', ({ rule }) => {
    expect(rule.alert).toMatch(/^(Conntrack|Ipvs|Keepalived|LvsExporter)([A-Z][a-z]+)+$/);
    expect(rule.alert.length).toBeLessThanOrEqual(40);
  });

  it.each(each(alerts))('$name compares', ({ rule }) => {
    expect(nodes(rule, 'Gtr', 'Lss', 'Gte', 'Lte', 'Eql', 'Neq').length).toBeGreaterThan(0);
  });

  it.each(each(alerts))('$name does not come and go', ({ rule }) => {
    expect(rule.keepFiringForSeconds).toBeGreaterThanOrEqual(60);
  });

  it.each(each(alerts))('$name reports in a fixed sentence what is the matter', ({ rule }) => {
    expect(rule.summary).toMatch(/^([A-Z]|keepalived )[^{}]*\.$/);
  });

  it.each(each(alerts))('$name describes with labels that it has', ({ rule }) => {
    const labels = [...labelsOf(rule.expr)];
    const used = [...rule.description.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
    expect(used).not.toEqual([]);
    expect(labels).toEqual(expect.arrayContaining(used));
    expect(rule.description).toMatch(/\.(\{\{ end \}\})*$/);
  });

  it.each(each(alerts))('$name is safe for a label that a series lacks', ({ rule }) => {
    for (const [, action = ''] of renderAlert(rule).annotations.description.matchAll(/\{\{ (.+?) \}\}/g)) {
      if (/^(with|if|else if)( not)? \S+$/.test(action)) continue;
      expect(action.replaceAll(/\bor \S+ ""/g, '')).not.toMatch(/[lL]abels\./);
    }
  });

  it.each(each(alerts))('$name shows numbers for people', ({ rule }) => {
    const shown = [...rule.description.matchAll(/\{\{ (\$value|\.Value)(.*?) \}\}/g)].map(([, , pipe]) => pipe);
    for (const pipe of shown)
      expect(pipe).toMatch(
        /^ \| (humanize|humanizeDuration|humanizePercentage|printf "%.3g"|printf "%.0f"( \| humanizeDuration)?)$/,
      );
  });

  // Directors that are master at the same time are two or more.
  it.each(each(alerts))('$name has numbers and words that agree', ({ rule }) => {
    for (const [, rest] of rule.description.matchAll(/ \| humanize \}\}(?=(.*))/gs)) {
      expect(rest).toMatch(
        /^(,| series\b| directors\b|(| \w+| of the .*) \{\{ if eq \(humanize|[ \w]+\{\{ end \}\} (its|per second))/,
      );
    }
    for (const [, before] of rule.description.matchAll(/(.{10}) per second/g))
      expect(before).toMatch(/s\{\{ end \}\}$/);
  });

  it.each(each(alerts))('$name asks in its description for what there is', ({ rule }) => {
    for (const [, query = ''] of rule.description.matchAll(/printf "(.*?[^\\])"/g)) {
      if (query.startsWith('%')) continue;
      const expression = query.replaceAll('%q', '"x"').replaceAll('\\"', '"');
      expect(() => labelsOf(expression)).not.toThrow();
    }
  });

  it.each(each(alerts))('$name has a runbook', async ({ rule }) => {
    const { runbook_url: url } = renderAlert(rule).annotations;
    const path = `docs/runbooks/${url.split('/').at(-1)}`;
    await access(path);
    const headings = (await readFile(path, 'utf8')).split('\n').filter((line) => line.startsWith('#'));
    expect(headings).toEqual([`# ${rule.alert}`, '## Meaning', '## Impact', '## Diagnosis', '## Mitigation']);
  });

  it.each(each(alerts))('$name is seen to fire and to be silent', ({ rule }) => {
    const times = allAlertTests
      .filter((test) => test.alerts.includes(rule.alert))
      .flatMap((test) => Object.values(test.expected).map((firings) => ({ test, firings })));
    const fires = ({ test, firings }: (typeof times)[number]) =>
      firings.some((one) => (one.alert ?? test.alerts[0]) === rule.alert && one.severity === rule.severity);
    expect(times.some(fires)).toBe(true);
    expect(times.some((time) => !fires(time))).toBe(true);
  });
});
