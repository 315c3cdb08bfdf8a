import { ifPresent } from './errors.ts';
import { showCommand } from './run-command.ts';

/** The two families, with the file in which the kernel lists the tables of iptables-legacy that there are. */
const families = [
  { program: 'iptables', tables: '/proc/net/ip_tables_names' },
  { program: 'ip6tables', tables: '/proc/net/ip6_tables_names' },
] as const;

/**
 * The raw tables of iptables and ip6tables, as their commands print them, one after the other.
 *
 * To name a table to iptables-legacy makes the kernel load and create it, so that is only asked for one that is there.
 * iptables-nft shows a table that is not there as an empty one, and makes none.
 */
export async function readRawTables(readFile: (path: string) => Promise<string>): Promise<string> {
  const texts = families.flatMap(({ program, tables }) => [
    showCommand([`${program}-nft-save`, '-t', 'raw']),
    ifPresent(readFile(tables)).then((names = '') => (names.split('\n').includes('raw') ? showLegacy(program) : '')),
  ]);
  return (await Promise.all(texts)).join('');
}

/** Before iptables 1.8 there was no other, and it was called by its plain name. */
async function showLegacy(program: string): Promise<string | undefined> {
  const text = await showCommand([`${program}-legacy-save`, '-t', 'raw']);
  return text ?? (await showCommand([`${program}-save`, '-t', 'raw']));
}
