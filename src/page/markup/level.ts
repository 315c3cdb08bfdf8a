import type { Severity } from '../../identity/severity.ts';

/** How a thing on the page is, from well to ill. `unknown` is for what could not be read. */
export const levels = ['good', 'info', 'unknown', 'warning', 'critical'] as const satisfies readonly (
  | Severity
  | 'good'
  | 'unknown'
)[];
export type Level = (typeof levels)[number];

export function worstLevel(given: readonly Level[]): Level {
  return levels.findLast((level) => given.includes(level)) ?? 'good';
}

/** The level of a value that should stay below its thresholds. */
export function levelOf(value: number, { warning, critical }: { warning: number; critical: number }): Level {
  if (value >= critical) return 'critical';
  return value >= warning ? 'warning' : 'good';
}
