import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A node of the syntax tree of a PromQL expression, with its text. */
export interface PromqlNode {
  readonly name: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly children: readonly PromqlNode[];
}

export function parsePromql(expression: string): PromqlNode {
  const read = (node: SyntaxNode): PromqlNode => {
    const children: PromqlNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) children.push(read(child));
    const { name, from, to } = node;
    return { name, from, to, text: expression.slice(from, to), children };
  };
  return read(parser.parse(expression).topNode);
}

/** The node and all below it, from the outside in. */
export function descend(node: PromqlNode): PromqlNode[] {
  return [node, ...node.children.flatMap(descend)];
}
