import type { FindingId } from '../facts.ts';
import type { Found } from '../finding.ts';

/** A finding in words. */
export interface Words {
  /** What is happening, and to whom: one sentence, without a full stop. */
  readonly title: string;
  /** When users notice, and what: one sentence. */
  readonly notice: string;
  /** The numbers that it rests on. */
  readonly evidence: readonly string[];
  /** What happens if you do nothing. Explains each term that the title uses. */
  readonly consequence: string;
}

/** How each of these findings reads. */
export type Wording<Ids extends FindingId> = { readonly [Id in Ids]: (found: Found<Id>) => Words };

/** Of what fills a connection tracking table. */
export const noticeWhenFull = 'Users notice when the table is full: new connections then fail.';
