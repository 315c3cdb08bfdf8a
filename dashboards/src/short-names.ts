import type { Transformation } from './grafana.ts';
import type { Query } from './query.ts';

/** Without slashes Grafana has it match the whole. A name of a machine with a domain of 16 letters or more, and its port. An address is none: it has no letter before a dot. */
const longName = String.raw`/([\w-]*[A-Za-z][\w-]*)\.[\w.-]{16,}(:\d+)?/`;

/** Of machines with long names the part before the domain, so that values stay in view. Tables have the whole name. */
export function shortNames(queries: readonly Query[]): readonly Transformation[] {
  const hasMachines = queries.some(({ legendFormat }) => legendFormat?.includes('{{instance}}'));
  return hasMachines ? [{ id: 'renameByRegex', options: { regex: longName, renamePattern: '$1' } }] : [];
}
