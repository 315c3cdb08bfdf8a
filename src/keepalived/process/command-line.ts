import type { ProcessKind } from '../../host/host.ts';

/** What a keepalived was started with. */
export interface CommandLine {
  readonly file: string;
  /** The configuration id; empty where none was given. */
  readonly id: string;
  /** The network namespace that it enters; empty where none was given. */
  readonly namespace: string;
  /** Where it writes the number of a process. Absent where it is not given. */
  readonly pidFiles: ReadonlyMap<ProcessKind | 'parent', string>;
  /** The processes that it may have. */
  readonly kinds: ReadonlySet<ProcessKind>;
}

/** Short options of keepalived that have a value. */
const withValue = 'fSprcbAsiugMt';

/** Reads the options of a keepalived. Source: parse_cmdline() in keepalived/core/main.c. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const value = (letter: string, name: string) => findValue(words, letter, name);
  const pidFiles = [
    ['parent', value('p', 'pid')],
    ['vrrp', value('r', 'vrrp_pid')],
    ['checker', value('c', 'checkers_pid')],
    ['bfd', value('b', 'bfd_pid')],
  ] as const;
  return {
    file: value('f', 'use-file') ?? '/etc/keepalived/keepalived.conf',
    id: value('i', 'config-id') ?? '',
    namespace: value('s', 'namespace') ?? '',
    pidFiles: new Map(pidFiles.flatMap(([process, path]) => (path?.startsWith('/') ? [[process, path]] : []))),
    kinds: readKinds(words),
  };
}

function readKinds(words: readonly string[]): Set<ProcessKind> {
  const kinds = new Set<ProcessKind>(['vrrp', 'checker', 'bfd']);
  if (hasFlag(words, 'P', 'vrrp')) kinds.delete('checker');
  if (hasFlag(words, 'C', 'check')) kinds.delete('vrrp');
  if (hasFlag(words, 'B', 'no_bfd')) kinds.delete('bfd');
  return kinds;
}

/** The value of an option: `-f FILE`, `-nf FILE`, `-fFILE`, `--use-file FILE`, `--use-file=FILE`. */
function findValue(words: readonly string[], letter: string, name: string): string | undefined {
  const pattern = new RegExp(`^(?:-[^-${withValue}]*${letter}|--${name}(?:=|$))(.*)$`);
  for (const [index, word] of words.entries()) {
    const [, value] = pattern.exec(word) ?? [];
    if (value !== undefined) return value === '' ? words[index + 1] : value;
  }
  return undefined;
}

/** `-P`, `-nP`, `--vrrp`. */
function hasFlag(words: readonly string[], letter: string, name: string): boolean {
  const pattern = new RegExp(`^(?:-[^-${withValue}]*${letter}.*|--${name})$`);
  return words.some((word) => pattern.test(word));
}
