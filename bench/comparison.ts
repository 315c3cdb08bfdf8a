import type { Comparison } from './measurements.ts';

const explanation = `Medians of the rounds. Noise is the larger distance between the quartiles of the rounds of either run, and at least
5 % of the value before. Worse: larger than before by more than noise. Missing: measured before only.`;

/** What is wrong with a comparison; empty if nothing is. What was not measured again may be worse. */
function findFault({ before, now, isWorse }: Comparison): string {
  if (isWorse) return 'worse';
  return before !== undefined && now === undefined ? 'missing' : '';
}

export function hasFault(comparisons: readonly Comparison[]): boolean {
  return comparisons.some((one) => findFault(one) !== '');
}

/** A table with both values of each measurement, their ratio and the noise. */
export function formatComparisons(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((one) => formatRow(one.name, describe(one), findFault(one)));
  return `${[formatRow('', ['before', 'now', 'ratio', 'noise'], ''), ...rows, '', explanation].join('\n')}\n`;
}

function describe({ before, now, noise }: Comparison): string[] {
  const ratio = before === undefined || now === undefined ? undefined : now / before;
  return [before, now, ratio, before === undefined ? undefined : noise].map((value) => value?.toFixed(2) ?? '-');
}

function formatRow(name: string, columns: readonly string[], fault: string): string {
  return `${name.padEnd(60)}${columns.map((column) => column.padStart(10)).join('')}  ${fault}`.trimEnd();
}
