interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Group {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

/** What a template prints where it goes wrong. */
export const badText = /<no value>|%!|<nil>|<error/;

/** Each alert as it is, but for a series that has no label except `instance`. */
function onBareSeries({ name, rules }: Group): Group {
  const expr = 'label_replace(vector(1), "instance", "bare", "", "")';
  const alerts = rules.filter(({ alert }) => alert !== undefined);
  return {
    name: `${name} on bare series`,
    interval: '1s',
    rules: alerts.map(({ for: _, ...rule }) => ({ ...rule, expr })),
  };
}

export const idOf = ({ alert, labels }: Rule) => `${alert} ${labels?.severity}`;

/** The groups that have alerts, each alert firing at once. */
export function bareGroups(groups: readonly Group[]): Group[] {
  return groups.map(onBareSeries).filter(({ rules }) => rules.length > 0);
}
