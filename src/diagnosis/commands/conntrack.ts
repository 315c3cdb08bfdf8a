import { commandInNamespace } from './shell.ts';

/**
 * Deletes every entry that a filter of conntrack selects. `conntrack -D` lists and deletes, and ends with an error at an
 * entry that expired in between, with the rest still there: so it is repeated.
 *
 * @param filter options of `conntrack -D`, quoted for a shell
 */
export function deleteAll(netns: string | undefined, filter: string): string {
  const command = commandInNamespace(netns, `conntrack -D ${filter}`);
  return `for try in 1 2 3 4 5; do ${command} >/dev/null && break; done`;
}
