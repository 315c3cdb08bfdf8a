import { ParseError } from './parse-error.ts';

/** What a JSON text may have in it. JSON.parse() takes minutes and gigabytes for brackets alone. */
export interface JsonBounds {
  /** Values, keys of objects not counted. */
  readonly values: number;
}

/** Several times what 450,000 real servers or 50,000 rules of a firewall need. */
export const largeJson: JsonBounds = { values: 2 ** 23 };

/** Arrays and objects in one another: nothing that is read here has more than 20. */
const deepest = 64;

/** Parses JSON that may come from a stranger. Throws JSON.parse()'s error, or ParseError for what is beyond the bounds. */
export function parseBoundedJson(text: string, bounds: JsonBounds) {
  createJsonMeter(bounds)(text);
  return JSON.parse(text);
}

const [quotes, comma, openList, backslash, closeList, open, close] = [0x22, 0x2c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d];

/**
 * Follows an array or an object that comes part by part. The function that it gives returns whether a part has its last
 * bracket, and throws ParseError beyond the bounds.
 */
export function createJsonMeter({ values }: JsonBounds): (part: string) => boolean {
  let depth = 0;
  let count = 0;
  let isInText = false;
  let isEscaped = false;
  return (part) => {
    for (let index = 0; index < part.length; index++) {
      const character = part.charCodeAt(index);
      if (isEscaped) isEscaped = false;
      else if (character === quotes) isInText = !isInText;
      else if (isInText) isEscaped = character === backslash;
      else if (character === comma) count++;
      else if (character === open || character === openList) {
        depth++;
        count++;
        if (depth > deepest) throw new ParseError(1, `expected at most ${deepest} arrays and objects in one another`);
      } else if ((character === close || character === closeList) && --depth <= 0) return true;
      if (count > values) throw new ParseError(1, `expected at most ${values} values`);
    }
    return false;
  };
}
