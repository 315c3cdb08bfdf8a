import { all, resolve } from '../../dashboards/preview/resolve.ts';
import { descend, type PromqlNode, parsePromql } from '../alerts/promql.ts';

/** A selector of an expression: its metric, its matchers as they are written, and the function that it stands in. */
export interface Selector {
  readonly metric: string;
  readonly matchers: string;
  readonly call: string | undefined;
}

/** What Grafana would send, with its durations in place. */
export function sent(expression: string): string {
  return resolve(expression, { scrapeSeconds: 15, rangeSeconds: 3600, picked: all });
}

export function isPromql(expression: string): boolean {
  return descend(parsePromql(sent(expression))).every(({ name }) => name !== '⚠');
}

/** With the variables of matchers as they are: they are strings to PromQL. */
export function selectorsOf(expression: string): Selector[] {
  const durations = {
    scrapeSeconds: 15,
    rangeSeconds: 3600,
    picked: {
      job: '$job',
      cluster: '$cluster',
      instance: '$instance',
      address: '$address',
      fullest: '$fullest',
      apart: 'none',
    },
  };
  return find(parsePromql(resolve(expression, durations)), undefined);
}

function find(node: PromqlNode, call: string | undefined): Selector[] {
  if (node.name === 'VectorSelector') {
    const metric = node.children.find(({ name }) => name === 'Identifier')?.text ?? '';
    return [{ metric, matchers: node.children.find(({ name }) => name === 'LabelMatchers')?.text ?? '', call }];
  }
  const own = node.name === 'FunctionCall' ? node.children[0]?.text : call;
  return node.children.flatMap((child) => find(child, own));
}
