import type { SamplePart } from './columns.ts';

/** What a collector throws that could not read all of its sources: it failed, and what it read is served. */
export class PartialFailure extends Error {
  readonly samples: readonly SamplePart[];
  /** Why the first source that is missing could not be read. */
  override readonly cause: Error;

  constructor(cause: Error, samples: readonly SamplePart[]) {
    super(cause.message);
    this.cause = cause;
    this.samples = samples;
  }
}
