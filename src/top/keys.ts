/** What terminals send for keys that are no characters, as xterm, the Linux console, tmux and screen do. */
const sequences: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[5~': 'page-up',
  '[6~': 'page-down',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[Z': 'shift-tab',
};

const controls: Readonly<Record<string, string>> = {
  '\u0003': 'ctrl-c',
  '\u0004': 'ctrl-d',
  '\u000c': 'ctrl-l',
  '\t': 'tab',
  '\r': 'enter',
  '\n': 'enter',
  '\u0008': 'backspace',
  '\u007f': 'backspace',
};

/** The keys of what a terminal sent: characters as they are, others by name. Sequences that are not known are left out. */
export function readKeys(input: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals send them.
  const parts = input.match(/\u001b(\[[\d;<=>?]*[ -/]*[@-~]|O.)|./gsu) ?? [];
  return parts.flatMap((part) => {
    if (part === '\u001b') return ['escape'];
    if (part.startsWith('\u001b')) return sequences[part.slice(1)] ?? [];
    return controls[part] ?? (/\p{C}/u.test(part) ? [] : [part]);
  });
}
