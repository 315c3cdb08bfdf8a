import { type Query, range } from './query.ts';

/** As many as a chart can show and a browser draw: a chart of a thousand machines takes seconds and answers nothing. */
const most = 50;
const atEnd = '[$__range:$__interval] @ end()';

function choose(expr: string, legendFormat: string, measure: string, which: string): Query {
  const choice = `The ${most} ${which} are shown.`;
  return { ...range(`(${expr}) and topk(${most}, ${measure})`, legendFormat), choice };
}

/** As range(), of the series that are largest at any moment that is shown. */
export function largest(expr: string, legendFormat: string): Query {
  return choose(expr, legendFormat, `max_over_time((${expr})${atEnd})`, 'largest');
}

/** As largest(), of those that are lowest. */
export function lowest(expr: string, legendFormat: string): Query {
  return choose(expr, legendFormat, `-min_over_time((${expr})${atEnd})`, 'lowest');
}

/** As largest(), of those that change most often. */
export function changing(expr: string, legendFormat: string): Query {
  return choose(expr, legendFormat, `changes((${expr})${atEnd})`, 'that change most often');
}

/** As largest(), of those that should be 1 and are not. */
export function notOne(expr: string, legendFormat: string): Query {
  return choose(expr, legendFormat, `max_over_time(abs((${expr}) - 1)${atEnd})`, 'furthest from one');
}
