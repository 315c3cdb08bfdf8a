import type { Transformation } from './grafana.ts';
import type { Query } from './query.ts';

/** Without slashes Grafana has it match the whole. A name of a machine with a domain of 16 letters or more, and its port. An address is none: it has no letter before a dot. */
const domain = String.raw`/([\w-]*[A-Za-z][\w-]*)\.[\w.-]{16,}(:\d+)?/`;
/** Addresses of one network differ at their end. */
const ipv6 = '/([0-9a-f]+):(?:[0-9a-f]*:){2,}([0-9a-f]*:[0-9a-f]+)/g';
/** A word of twenty letters or more: a cluster, a namespace. */
const word = String.raw`/(\S{8})\S{4,}(\S{8})/g`;
/** What is longer than a legend with its values, or the axis of a timeline, has room for: its middle. */
const middle = '/^ *(.{19}).{3,}(.{9})$/';

/** Whether there are as many series as machines, services or states. */
export function isOpen(queries: readonly Query[]): boolean {
  return queries.some(({ legendFormat }) => /\{\{(?!netns\}\})/.test(legendFormat ?? ''));
}

/** Long names without the domain of a machine and without their middle, so that values stay in view. Tables have them whole. */
export function shortNames(queries: readonly Query[]): readonly Transformation[] {
  if (!isOpen(queries)) return [];
  return [
    { id: 'renameByRegex', options: { regex: domain, renamePattern: '$1' } },
    { id: 'renameByRegex', options: { regex: ipv6, renamePattern: '$1:…:$2' } },
    { id: 'renameByRegex', options: { regex: word, renamePattern: '$1…$2' } },
    { id: 'renameByRegex', options: { regex: middle, renamePattern: '$1…$2' } },
  ];
}
