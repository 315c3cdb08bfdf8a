import { type Query, range } from './query.ts';

/** As many as a chart can show and a browser draw: a chart of a thousand machines takes seconds and answers nothing. */
const most = 50;
const atEnd = '[$__range:$__interval] @ end()';

/** What becomes of the chosen series. To do it to all of them first would take a minute where there are 5,000 services. */
interface Drawn {
  /** The labels that remain when `draw` adds up series: it is their sums that are compared. */
  readonly by?: string;
  readonly draw?: (chosen: string) => string;
}

interface Choice {
  readonly measure: (expr: string) => string;
  readonly which: string;
}

function choose(expr: string, legendFormat: string, { by, draw }: Drawn, { measure, which }: Choice): Query {
  const [on, compared] = by === undefined ? ['', expr] : [`on (${by}) `, `sum by (${by}) (${expr})`];
  const chosen = `(${expr}) and ${on}topk(${most}, ${measure(compared)})`;
  return { ...range(draw?.(chosen) ?? chosen, legendFormat), choice: `The ${most} ${which} are shown.` };
}

/** The largest value of each series, at any moment that is shown. */
export function peak(expr: string): string {
  return `max_over_time((${expr})${atEnd})`;
}

/** As range(), of the series that are largest at any moment that is shown. */
export function largest(expr: string, legendFormat: string, drawn: Drawn = {}): Query {
  return choose(expr, legendFormat, drawn, { measure: peak, which: 'largest' });
}

/** As largest(), of those that are lowest. */
export function lowest(expr: string, legendFormat: string, drawn: Drawn = {}): Query {
  const measure = (compared: string) => `-min_over_time((${compared})${atEnd})`;
  return choose(expr, legendFormat, drawn, { measure, which: 'lowest' });
}

/** As largest(), of those that change most often. */
export function changing(expr: string, legendFormat: string, drawn: Drawn = {}): Query {
  const measure = (compared: string) => `changes((${compared})${atEnd})`;
  return choose(expr, legendFormat, drawn, { measure, which: 'that change most often' });
}

/** As largest(), of those that should be 1 and are not. */
export function notOne(expr: string, legendFormat: string, drawn: Drawn = {}): Query {
  const measure = (compared: string) => peak(`abs((${compared}) - 1)`);
  return choose(expr, legendFormat, drawn, { measure, which: 'furthest from one' });
}
