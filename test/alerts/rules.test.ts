import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { allAlertTests } from '../../alerts/tests/index.ts';
import { needs } from '../needs.ts';
import { promtools, testRules } from './promtool.ts';
import { writeTests } from './promtool-test.ts';

describe.each(promtools)('rules', ({ name, program }) => {
  describe(name, needs(name), () => {
    let folder: string;
    let complaints: readonly string[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lvs-rules-'));
      const files = await Promise.all(
        allAlertTests.map((test, index) => writeTests(folder, `${index}`, groups, [test])),
      );
      complaints = await testRules(program, folder, files);
    });

    afterAll(() => rm(folder, { recursive: true }));

    it.each(allAlertTests.map(({ alerts, when }, index) => ({ alert: alerts[0], when, index })))(
      '$alert: $when',
      ({ index }) => {
        expect(complaints[index]).toBe('');
      },
    );
  });
});
