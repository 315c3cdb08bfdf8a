import type { Readings } from '../../readings/readings.ts';
import { mapSome, type Plan, type Some } from '../remedy.ts';
import { type AcceptRule, deleteAccept, insertAccept, insertLine, showChain } from './chain.ts';
import { type KeptRules, keepRules } from './rule-files.ts';
import { commandInNamespace } from './shell.ts';

/** The parts of a plan that accepts packets before all other rules of some chains. Undefined without rules. */
export function acceptPlan(
  readings: Readings,
  [first, ...rest]: readonly AcceptRule[],
): Pick<Plan, 'commands' | 'undo' | 'persistent' | 'verify'> | undefined {
  if (first === undefined) return undefined;
  const rules: Some<AcceptRule> = [first, ...rest];
  const shown = mapSome(rules, show);
  return {
    commands: mapSome(rules, insertAccept),
    undo: mapSome(rules, deleteAccept),
    persistent: keepRules(readings, mapSome(rules, keptForm)),
    verify: [shown[0], ...new Set(shown.filter((one) => one !== shown[0]))],
  };
}

function show(rule: AcceptRule): string {
  return commandInNamespace(rule.netns, showChain(rule));
}

function keptForm(rule: AcceptRule): KeptRules {
  const { tool, chain, match } = rule;
  if (tool === 'nft') return { tool, chain, lines: [insertLine(rule)] };
  const [table = '', name = ''] = chain.split(' ');
  return { tool, table, lines: [`-I ${name} 1 ${match} -j ACCEPT`] };
}
