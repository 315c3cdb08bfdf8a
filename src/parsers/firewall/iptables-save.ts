import { splitLines } from '../lines.ts';
import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';
import { type FirewallRule, shortenHost } from './rule.ts';

/**
 * Parses the rules of `iptables-save -c` or `ip6tables-save -c` that concern direct return:
 * `[12:720] -A PREROUTING -d 10.0.0.100/32 -p tcp -m tcp --dport 80 -j CT --notrack`. A negated match says what a rule
 * does not do, so a rule with one is left out.
 */
export function parseIptablesSave(text: string): FirewallRule[] {
  let table = '';
  return splitLines(text).flatMap((line, index) => {
    if (line === '' || /^(#|:|COMMIT$)/.test(line)) return [];
    if (line.startsWith('*')) {
      table = line.slice(1);
      return [];
    }
    const [, packets, rule] = /^\[(\d+):\d+\] -A (.+)$/.exec(line) ?? [];
    if (rule === undefined) throw new ParseError(index + 1, `expected a rule with its counters, got ${quote(line)}`);
    return readRule(table, rule, parseDecimal(packets, 'the packets', index + 1));
  });
}

function readRule(table: string, text: string, packets: number): FirewallRule[] {
  const words: readonly string[] = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const after = (...options: readonly string[]) => words[words.findIndex((word) => options.includes(word)) + 1];
  const has = (...options: readonly string[]) => options.some((option) => words.includes(option));
  const action = actionOf(has, after('-j', '--jump') ?? '', after('--ctstate', '--state') ?? '');
  if (action === undefined || has('!')) return [];
  return [
    {
      action,
      chain: `${table} ${words[0]}`,
      protocol: has('-p') ? (after('-p') ?? '') : '',
      destination: has('-d') ? shortenHost(after('-d') ?? '') : '',
      ports: has('--dport', '--dports') ? (after('--dport', '--dports') ?? '').split(',') : [],
      packets,
    },
  ];
}

type Has = (...options: readonly string[]) => boolean;

function actionOf(has: Has, target: string, states: string): FirewallRule['action'] | undefined {
  if (target === 'NOTRACK' || (target === 'CT' && has('--notrack'))) return 'notrack';
  const isAboutInvalid = has('--ctstate', '--state') && states.split(',').includes('INVALID');
  return isAboutInvalid && (target === 'DROP' || target === 'REJECT') ? 'drop_invalid' : undefined;
}
