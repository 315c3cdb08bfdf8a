import { ParseError } from '../parse-error.ts';

/** What a dump has and this program cannot read. Lines without interest are not counted. */
export interface Skipped {
  /** Lines, or members of the JSON dump. */
  readonly lines: number;
  /** Why, for the first of them. */
  readonly problems: readonly string[];
}

/** Reads a part of a dump. If the part is malformed, counts one skipped line and returns undefined. */
export type Attempt = <T>(read: () => T) => T | undefined;

const maxProblems = 20;

/** Counts what one dump loses: a malformed field costs that field, and nothing else. */
export function createSkipped() {
  const problems: string[] = [];
  let lines = 0;
  const skip = ({ message }: ParseError) => {
    lines++;
    if (problems.length < maxProblems) problems.push(message);
  };
  const attempt: Attempt = (read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      skip(error);
      return undefined;
    }
  };
  return { skip, attempt, summary: (): Skipped => ({ lines, problems }) };
}
