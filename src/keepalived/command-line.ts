import type { Configuration } from './daemon.ts';

/** Options of keepalived that take a value, of which -f and -i are of interest here. */
const withValue = 'fSprcbAsiugMt';

/** Reads which configuration a keepalived was started with. Source: parse_cmdline() in keepalived/core/main.c. */
export function describeConfiguration(words: readonly string[]): Configuration {
  return {
    file: findValue(words, 'f', 'use-file') ?? '/etc/keepalived/keepalived.conf',
    id: findValue(words, 'i', 'config-id') ?? '',
  };
}

/** The value of an option: `-f FILE`, `-nf FILE`, `-fFILE`, `--use-file FILE`, `--use-file=FILE`. */
function findValue(words: readonly string[], letter: string, name: string): string | undefined {
  const pattern = new RegExp(`^(?:-[^-${withValue}]*${letter}|--${name}=?)(.*)$`);
  for (const [index, word] of words.entries()) {
    const [, value] = pattern.exec(word) ?? [];
    if (value !== undefined) return value === '' ? words[index + 1] : value;
  }
  return undefined;
}
