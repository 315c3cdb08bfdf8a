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

const escapeKey = '\u001b';
/** A sequence (ECMA-48, section 5.4), one of a keypad (SS3), or a character. */
const keyOrSequence = new RegExp(`${escapeKey}(\\[[\\d;<=>?]*[ -/]*[@-~]|O.)|.`, 'gsu');

/** The keys of what a terminal sent: characters as they are, others by name. Sequences that are not known are left out. */
export function readKeys(input: string): string[] {
  const parts = input.match(keyOrSequence) ?? [];
  return parts.flatMap((part) => {
    if (part === escapeKey) return ['escape'];
    if (part.startsWith(escapeKey)) return sequences[part.slice(1)] ?? [];
    return controls[part] ?? (/\p{C}/u.test(part) ? [] : [part]);
  });
}
