import { readFile } from 'node:fs/promises';

/** The queries on virtual addresses that docs/keepalived.md gives, word for word. They find nothing on a healthy pair. */
export interface AddressQueries {
  /** More than one director has it. */
  readonly shared: string;
  /** No director has it. */
  readonly lost: string;
  /** A director that is master does not have it. */
  readonly missing: string;
}

const section = /^## Where the virtual addresses really are\n(.*?)^##/ms;

export async function readAddressQueries(repository: string): Promise<AddressQueries> {
  const [, text = ''] = section.exec(await readFile(`${repository}/docs/keepalived.md`, 'utf8')) ?? [];
  const queries = [...text.matchAll(/^```promql\n(.*?)^```$/gms)].map(([, query = '']) => query);
  const [shared, lost, missing] = queries;
  if (shared === undefined || lost === undefined || missing === undefined || queries.length > 3) {
    throw new SyntaxError(`Expected 3 queries on virtual addresses in docs/keepalived.md, got ${queries.length}`);
  }
  return { shared, lost, missing };
}
