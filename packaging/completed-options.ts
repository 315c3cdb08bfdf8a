import type { OptionTable } from '../src/cli/options/command-line.ts';
import type { AnyOption } from '../src/cli/options/option.ts';

/** An option as it is typed in a shell. */
export interface CompletedOption {
  readonly name: string;
  readonly help: string;
  /** How to complete its value; undefined for a flag. */
  readonly value: CompletedValue | undefined;
}

export type CompletedValue =
  | { readonly kind: 'folder' | 'file' | 'anything' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

/** Options as a shell completes them: a flag that is on by default has its opposite too. */
export function completedOptions(options: OptionTable): CompletedOption[] {
  return Object.entries(options).flatMap(([name, option]) => {
    const { help, placeholder, fallback } = option;
    const one = { name, help, value: placeholder === '' ? undefined : completedValue(option) };
    return fallback === true ? [one, { ...one, name: `no-${name}` }] : [one];
  });
}

export function completedValue({ placeholder }: Pick<AnyOption, 'placeholder'>): CompletedValue {
  if (placeholder === 'DIR') return { kind: 'folder' };
  if (placeholder === 'FILE' || placeholder === 'PATH') return { kind: 'file' };
  return placeholder.includes('|') ? { kind: 'words', words: placeholder.split('|') } : { kind: 'anything' };
}

/** The first sentence, without its period: a shell shows one line. */
export function firstSentence(text: string): string {
  return /^.*?(?=\.(\s|$)|$)/s.exec(text)?.[0] ?? text;
}
