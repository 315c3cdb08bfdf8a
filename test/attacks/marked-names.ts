import type { Host } from '../../src/host/host.ts';

/** A title of the terminal, text that is turned around, a C1 control, commands of a shell, an element and an attribute. */
export const mark = '\u001b]0;pwned\u0007\u202e\u2066\u009b31m$(id)`id`;|\'"onload=<b>&\u{e0041}';

/** XML has no control characters, whichever way they are written. */
const xmlMark = mark
  .replaceAll(/(?=\p{Cc})[^\u0080-\u009f]/gu, '')
  .replaceAll('&', '&amp;')
  .replaceAll('<', '&lt;')
  .replaceAll('"', '&quot;')
  .replaceAll("'", '&apos;');

/** JSON has controls and quotes escaped. */
const jsonMark = JSON.stringify(mark).slice(1, -1);

const escapeExpression = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const longestFirst = (names: readonly string[]) => [...names].sort((one, other) => other.length - one.length);

/** A text of the machine in which these names end with the mark, in the notation of the text. */
export function markNames(names: readonly string[], text: string): string {
  const ending = /^\s*</.test(text) ? xmlMark : /^\s*[[{]/.test(text) ? jsonMark : mark;
  const pattern = new RegExp(`(?<![\\w-])(?:${longestFirst(names).map(escapeExpression).join('|')})(?![\\w-])`, 'g');
  return text.replaceAll(pattern, (name) => name + ending);
}

/**
 * The same machine, on which these names end with the mark, wherever they stand: in texts of the kernel, of daemons and of
 * commands, in names of files and folders, in answers over netlink.
 */
export function createMarkedHost(machine: Host, names: readonly string[]): Host {
  const unmark = (value: unknown) => (typeof value === 'string' ? value.replaceAll(mark, '') : value);
  const markAll = (value: unknown): unknown => {
    if (typeof value === 'string') return markNames(names, value);
    if (typeof value !== 'object' || value === null || value instanceof Map) return value;
    if (Array.isArray(value)) return value.map(markAll);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, markAll(inner)]));
  };
  return new Proxy(machine, {
    get(_target, property: keyof Host) {
      const method = machine[property];
      if (method === undefined || property === 'now' || property === 'flows') return method;
      if (property === 'enter') return (name: string) => createMarkedHost(machine.enter(String(unmark(name))), names);
      if (property === 'readParts')
        return (...words: Parameters<Host['readParts']>) => readWhole(machine, names, words);
      return async (...words: unknown[]) => markAll(await Reflect.apply(method, machine, words.map(unmark)));
    },
  });
}

/** Parts would cut names in two. */
async function readWhole(
  machine: Host,
  names: readonly string[],
  [path, take]: Parameters<Host['readParts']>,
): Promise<boolean> {
  let text = '';
  await machine.readParts(path.replaceAll(mark, ''), (part) => {
    text += part;
    return true;
  });
  return take(markNames(names, text));
}
