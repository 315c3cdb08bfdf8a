/** One way in which a dump may differ from what its parser expects. */
export interface Mutation {
  readonly name: string;
  /** Whether nothing at all may change. */
  readonly isHarmless: boolean;
  /** The lines with a change at line `index`. */
  apply(lines: readonly string[], index: number): string;
}

const join = (...parts: readonly (readonly string[])[]) => parts.flat().join('\n');

export const mutations: readonly Mutation[] = [
  {
    name: 'a line is missing',
    isHarmless: false,
    apply: (lines, index) => join(lines.slice(0, index), lines.slice(index + 1)),
  },
  {
    name: 'a line stands twice',
    isHarmless: true,
    apply: (lines, index) => join(lines.slice(0, index + 1), lines.slice(index)),
  },
  {
    name: 'there is an unknown field',
    isHarmless: true,
    apply: (lines, index) => join(lines.slice(0, index + 1), ['   Moon phase = full'], lines.slice(index + 1)),
  },
  {
    name: 'there is an unknown line',
    isHarmless: true,
    apply: (lines, index) => join(lines.slice(0, index + 1), ['   Moon'], lines.slice(index + 1)),
  },
  {
    name: 'a line end is missing',
    isHarmless: false,
    apply: (lines, index) =>
      join(lines.slice(0, index), [`${lines[index]}${lines[index + 1] ?? ''}`], lines.slice(index + 2)),
  },
  {
    name: 'a value is odd',
    isHarmless: false,
    apply: (lines, index) =>
      join(lines.slice(0, index), [(lines[index] ?? '').replace(/ = .*/, ' = ?!')], lines.slice(index + 1)),
  },
];
