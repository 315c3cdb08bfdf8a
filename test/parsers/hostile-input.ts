import fc from 'fast-check';
import { expect } from 'vitest';
import { ParseError } from '../../src/parsers/parse-error.ts';

/** Any character, as fast-check's unit 'binary' is, which takes a second to make. */
export const anyCharacter = fc.nat(0x10f7ff).map((number) => {
  const isBelowSurrogates = number < 0xd800;
  return String.fromCodePoint(isBelowSurrogates ? number : number + 0x800);
});

/** Texts that no kernel wrote: anything at all, and damaged copies of what one did write. */
export function hostileTexts(real: string): fc.Arbitrary<string> {
  const position = fc.nat(real.length);
  return fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 400 }),
    fc.stringMatching(/^[-> \n\t:[\]a-fA-F0-9xTCPUDFWM=]*$/, { maxLength: 400 }),
    position.map((end) => real.slice(0, end)),
    fc.tuple(position, position).map(([a, b]) => real.slice(0, Math.min(a, b)) + real.slice(Math.max(a, b))),
    fc
      .tuple(position, fc.string({ unit: anyCharacter, maxLength: 12 }))
      .map(([at, foreign]) => real.slice(0, at) + foreign + real.slice(at + foreign.length)),
  );
}

/** Checks that a parser gives a value without NaN, or a ParseError that names a line, and nothing else. */
export function expectParsedOrRefused(parse: (text: string) => unknown, real: string): void {
  const check = (text: string) => {
    try {
      expect(JSON.stringify(parse(text), replaceNaN)).not.toContain(foundNaN);
    } catch (error) {
      expect(error).toBeInstanceOf(ParseError);
      expect(error).toHaveProperty('message', expect.stringMatching(/^Cannot parse line [1-9]\d*: .{1,200}$/s));
    }
  };
  check(`${real}${'x'.repeat(2 ** 20)}\n`);
  fc.assert(fc.property(hostileTexts(real), check), { numRuns: 500 });
}

const foundNaN = 'found NaN';

function replaceNaN(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return Number.isNaN(value) ? foundNaN : value;
}
