import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take the longest, that with the most work first. The rest come by size, as vitest has them. */
export const longest = [
  'alerts/mutation',
  'flows/forecast-real',
  'demo',
  'packaging/release',
  'page/accessibility',
  'containers/image',
  'faults/collectors',
  'incidents/incidents',
  'alerts/race',
  'alerts/rules',
  'diagnose',
  'abuse',
  'main',
].map((name) => `test/${name}.test.ts`);

/** Starts the longest suites first, so that the end of a run does not wait for one alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specifications);
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place === -1 ? longest.length : place;
    };
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
