import { type FileLines, isNone, type Nothing, type Remedy, type Some } from './remedy.ts';
import { wrap } from './report/wrap.ts';

interface Layout {
  readonly columns: number;
}

/** A remedy in full. @param word `To do`, or `Or`. */
export function renderRemedy(word: string, remedy: Remedy, layout: Layout): string[] {
  const { title, owner, commands, tradeOff, undo, persistent, verify, checkFirst, effect } = remedy;
  return [
    ...wrap(`${word} (${owner}): ${title}`, '  ', layout),
    ...checkFirst.flatMap(({ requires, command }) => [
      ...wrap(`Check first: ${requires}:`, '    ', layout),
      `      ${command}`,
    ]),
    ...(checkFirst.length === 0 ? [] : ['    Then:']),
    ...commands.map((command) => `      ${command}`),
    ...wrap(tradeOff, '    ', layout),
    ...(effect === 'look'
      ? []
      : [...renderCommands('Did it work?', verify, layout), ...renderCommands('Undo', undo, layout)]),
    ...(effect === 'look' ? [] : renderPersistent(persistent, layout)),
  ];
}

function renderCommands(heading: string, commands: Some<string> | Nothing, layout: Layout): string[] {
  if (isNone(commands)) return wrap(`${heading}: ${commands.none}`, '    ', layout);
  return [`    ${heading}:`.replace('?:', '?'), ...commands.map((command) => `      ${command}`)];
}

function renderPersistent(persistent: Some<FileLines> | Nothing, layout: Layout): string[] {
  if (isNone(persistent)) return wrap(`After a restart: ${persistent.none}`, '    ', layout);
  return persistent.flatMap((one) => [
    ...wrap(`To keep this after a restart, ${howToKeep(one)}:`, '    ', layout),
    ...one.lines.map((line) => `      ${line}`),
  ]);
}

/** `add to /etc/nftables.conf, at its end` */
export function howToKeep({ file, where, replaces, manager = '' }: FileLines): string {
  if (replaces === undefined) return `add to ${file}${where === undefined ? '' : `, ${where}`}`;
  const writer = manager === '' ? '' : ` and is written by ${manager}: change it there`;
  return `change it in ${file}, which sets it as well${writer}`;
}
