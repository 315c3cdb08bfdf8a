import { isAbsent, isSystemError } from '../host/errors.ts';
import { ParseError } from '../parsers/parse-error.ts';

/** Reads sources of which one that is odd or cannot be read does not cost the others. */
export interface Attempts {
  /** What `read` gives, or undefined where its source fails. Rejects where it is absent, and with every bug. */
  attempt<T>(read: Promise<T>): Promise<T | undefined>;
  /** Why the first of those that failed did. */
  problem(): Error | undefined;
}

export function createAttempts(): Attempts {
  let problem: Error | undefined;
  return {
    async attempt(read) {
      try {
        return await read;
      } catch (error) {
        if (isAbsent(error) || !isSourceError(error)) throw error;
        problem ??= error;
        return undefined;
      }
    },
    problem: () => problem,
  };
}

/** Whether a source is to blame: it is odd, or the machine does not give it. */
export function isSourceError(error: unknown): error is Error {
  return error instanceof ParseError || isSystemError(error);
}

/** What `read` gives, or undefined where its source fails or is absent: of what may be missing without a complaint. */
export async function ifReadable<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isSourceError(error)) return undefined;
    throw error;
  }
}
