interface RuleFile<Rule> {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

/** The rules of a file without keep_firing_for: vmalert 1.79 does not have it. */
export function withoutKeeping<Rule extends object>({ groups }: RuleFile<Rule>): RuleFile<Rule> {
  return { groups: groups.map((group) => ({ ...group, rules: group.rules.map(strip) })) };
}

function strip<Rule extends object>(rule: Rule): Rule {
  const { keep_firing_for: _, ...rest } = rule as Rule & { readonly keep_firing_for?: string };
  return rest as Rule;
}
