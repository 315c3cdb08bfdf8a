import { groupBy } from '../identity/group-by.ts';
import type { AnyFound, Group } from './finding.ts';

/** What a rule found, and the same fault of others. */
export interface Grouped<Item extends { readonly found: AnyFound }> {
  readonly item: Item;
  readonly group: Group | undefined;
}

/** So many subjects with the same fault are findings of their own. */
const maxApart = 3;
const maxWorst = 10;

/** Makes one of findings that differ in their subject alone. Each rule finds the worst subject first. */
export function groupAlike<Item extends { readonly found: AnyFound }>(items: readonly Item[]): Grouped<Item>[] {
  const groups = groupBy(items, ({ found }) => kindOf(found));
  return [...groups.values()].flatMap((alike) => (alike.length > maxApart ? merge(alike) : alike.map(single)));
}

function single<Item extends { readonly found: AnyFound }>(item: Item): Grouped<Item> {
  return { item, group: undefined };
}

function merge<Item extends { readonly found: AnyFound }>(alike: readonly Item[]): Grouped<Item>[] {
  const worst = alike.slice(0, maxWorst).map(({ found }) => found.subject);
  return alike.slice(0, 1).map((item) => ({ item, group: { totalSubjects: alike.length, worst } }));
}

function kindOf({ id, severity, subject, details }: AnyFound): string {
  const variant = 'reason' in details ? details.reason : 'isBound' in details ? details.isBound : undefined;
  return JSON.stringify([id, severity, subject.namespace, id === 'lvs-exporter-collector-failing' ? subject : variant]);
}
