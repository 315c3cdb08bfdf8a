import { ParseError } from '../parse-error.ts';
import { parseOnce } from './parse-once.ts';

interface Text {
  readonly text: string;
}

/**
 * Throw ParseError where the text of a dump is not a whole one by its form: keepalived is writing it, or stopped in the
 * middle. Only that of JSON is certain. The statistics, the dump of the checkers, and the data before keepalived 2.0 have no
 * mark at their end.
 */
export const wholeChecks = {
  json: (dump: Text): void => void parseOnce.json(dump),
  data: checkData,
  stats: checkStats,
  check: ({ text }: Text): void =>
    requireLine(text, /^------< Global definitions >------$|^ *------< .* server >------$/m),
} as const;

/** keepalived 2.0.0 to 2.0.5 write no line end at all. */
function checkStats(dump: Text): void {
  parseOnce.stats(dump);
  const { text } = dump;
  if (text.includes('\n') && !text.endsWith('\n')) requireLine(text, /\n$/);
}

/** From keepalived 2.0 on the data begin with the global definitions and end with the interfaces. */
function checkData({ text }: Text): void {
  requireLine(text, /------< (?:Global definitions|VRRP Topology) >------/);
  if (text.includes('------< Global definitions >------')) requireLine(text, /------< Interfaces >------|^ Name = /m);
}

function requireLine(text: string, pattern: RegExp): void {
  if (pattern.test(text)) return;
  throw new ParseError(text.split('\n').length, `expected a whole dump, got no line ${pattern.source.split('|')[0]}`);
}
