import { BaseSequencer, type TestSpecification } from 'vitest/node';

const longest = 'test/alerts/mutation.test.ts';

/** Starts the longest suite first, so that the end of a run does not wait for it alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specifications);
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith(longest);
    return [...sorted.filter(isLongest), ...sorted.filter((one) => !isLongest(one))];
  }
}
