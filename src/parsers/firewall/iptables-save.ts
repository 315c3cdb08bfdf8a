import { splitLines } from '../lines.ts';
import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';
import { type FirewallRule, isSpecific, leadingTo, shortenHost } from './rule.ts';

/** A rule in words, which are options and their values. */
interface Line {
  readonly table: string;
  readonly words: readonly string[];
  readonly packets: number;
}

/**
 * Parses the rules of `iptables-save -c` or `ip6tables-save -c` that concern direct return:
 * `[12:720] -A PREROUTING -d 10.0.0.100/32 -p tcp -m tcp --dport 80 -j CT --notrack`. A negated match states what a rule
 * does not do, so a rule with one is left out.
 */
export function parseIptablesSave(text: string): FirewallRule[] {
  const lines = splitTables(text);
  const jumps = lines
    .filter(({ table }) => table === 'nat')
    .map(({ words }) => ({ chain: words[0] ?? '', target: targetOf(words) }));
  const translating = leadingTo(['DNAT', 'REDIRECT', 'NETMAP'], jumps);
  return lines.flatMap((line) => (line.table === 'nat' ? readTranslation(line, translating) : readRule(line)));
}

function splitTables(text: string): Line[] {
  let table = '';
  return splitLines(text).flatMap((line, index) => {
    if (line === '' || /^(#|:|COMMIT$)/.test(line)) return [];
    if (line.startsWith('*')) {
      table = line.slice(1);
      return [];
    }
    const [, packets, rule] = /^\[(\d+):\d+\] -A (.+)$/.exec(line) ?? [];
    if (rule === undefined) throw new ParseError(index + 1, `expected a rule with its counters, got ${quote(line)}`);
    const words = rule.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
    return [{ table, words, packets: parseDecimal(packets, 'the packets', index + 1) }];
  });
}

function readRule(line: Line): FirewallRule[] {
  const action = actionOf(line.words);
  return action === undefined || line.words.includes('!') ? [] : [{ action, ...matchOf(line) }];
}

/** A negated interface, as Docker has it, leaves the rule one of its destination. */
function readTranslation(line: Line, translating: ReadonlySet<string>): FirewallRule[] {
  const rule = { action: 'translate', ...matchOf(line) } as const;
  const isNegated = /! (-d|--dports?) /.test(line.words.join(' '));
  return translating.has(targetOf(line.words)) && isSpecific(rule) && !isNegated ? [rule] : [];
}

function matchOf({ table, words, packets }: Line): Omit<FirewallRule, 'action'> {
  return {
    chain: `${table} ${words[0]}`,
    protocol: after(words, '-p'),
    destination: shortenHost(after(words, '-d')),
    ports: after(words, '--dport', '--dports')
      .split(',')
      .filter((port) => port !== ''),
    packets,
  };
}

function targetOf(words: readonly string[]): string {
  return after(words, '-j', '--jump', '-g', '--goto');
}

function actionOf(words: readonly string[]): FirewallRule['action'] | undefined {
  const target = targetOf(words);
  if (target === 'NOTRACK' || (target === 'CT' && words.includes('--notrack'))) return 'notrack';
  if (target === 'SYNPROXY') return 'synproxy';
  const isAboutInvalid = after(words, '--ctstate', '--state').split(',').includes('INVALID');
  return isAboutInvalid && (target === 'DROP' || target === 'REJECT') ? 'drop_invalid' : undefined;
}

/** The value of an option, which has several names. Empty without it. */
function after(words: readonly string[], ...options: readonly string[]): string {
  const position = words.findIndex((word) => options.includes(word));
  return position < 0 ? '' : (words[position + 1] ?? '');
}
