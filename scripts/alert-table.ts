import { readFileSync } from 'node:fs';
import { groups } from '../alerts/src/groups.ts';
import { type AlertRule, isAlert } from '../alerts/src/rule.ts';

const begin = '<!-- alerts -->\n';
const end = '<!-- /alerts -->';

/** docs/alerts.md with its table of alerts written again. */
export function alertsDocument(): string {
  const text = readFileSync(new URL('../docs/alerts.md', import.meta.url), 'utf8');
  const [before, rest = ''] = text.split(begin);
  const [, after] = rest.split(end);
  return `${before}${begin}${alertTable()}${end}${after}`;
}

function alertTable(): string {
  const byName = new Map<string, AlertRule[]>();
  for (const rule of groups.flatMap(({ rules }) => rules.filter(isAlert))) {
    byName.set(rule.alert, [...(byName.get(rule.alert) ?? []), rule]);
  }
  return `| alert | severity | |\n| --- | --- | --- |\n${[...byName].map(row).join('\n')}\n`;
}

function row([name, rules]: readonly [string, readonly AlertRule[]]): string {
  const severities = rules.map(({ severity }) => severity).join(', ');
  return `| [${name}](runbooks/${name}.md) | ${severities} | ${rules[0]?.summary} |`;
}
