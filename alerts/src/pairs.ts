/** What pairs of directors are compared by. A group is a list of labels that the members of a pair have in common. */

/** How many machines have a series of each group. */
export function membersOf(group: string, series: string): string {
  return `count by (${group}) (count by (${group}, instance) (${series}))`;
}

/** Groups whose series do not all have one value of a label. */
export function differInLabel(group: string, label: string, series: string): string {
  return `count by (${group}) (count by (${group}, ${label}) (${series})) != 1`;
}

/** Groups of which fewer machines have a value of a label than have the group, by that label. */
export function partlyInLabel(group: string, label: string, series: string): string {
  return `${membersOf(`${group}, ${label}`, series)} < on (${group}) group_left () ${membersOf(group, series)}`;
}

/** Groups whose series do not all have one value. */
export function differInValue(group: string, series: string): string {
  return `count by (${group}) (count_values by (${group}) ("value", ${series})) != 1`;
}

/**
 * What had the same value, and labels, a day ago. A change is often tried on one director first, for hours: what is younger
 * is compared with nothing.
 *
 * @param matchers Of what is looked at: `{state="established"}`.
 */
export function settled(metric: string, matchers = ''): string {
  return `(${metric}${matchers} == ${dayAgo(metric)})`;
}

/** The last that was known of a metric a day ago, also if it had not been read for an hour. */
export function dayAgo(metric: string): string {
  return `last_over_time(${metric}[2h] offset 1d)`;
}

/**
 * One vector of several, each with what differs as the label `difference`.
 *
 * @param labels The labels that distinguish the elements.
 */
export function differences(labels: string, byName: Readonly<Record<string, string>>): string {
  return Object.entries(byName)
    .map(([difference, expr]) => `label_replace(${expr}, "difference", "${difference}", "", "")`)
    .join(`\nor on (${labels}, difference)\n`);
}
