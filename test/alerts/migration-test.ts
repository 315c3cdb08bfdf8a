import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sample } from '../../src/scrape/metric.ts';
import { testRules } from './promtool.ts';

const rules = fileURLToPath(new URL('../../alerts/migration.rules.yml', import.meta.url));

/**
 * Objections of promtool: of these samples alerts/migration.rules.yml makes those series, by their names and
 * labels, and no others whose name matches.
 */
export async function testMigration(
  folder: string,
  samples: readonly Sample[],
  series: ReadonlyMap<string, number>,
  names: string,
): Promise<string | undefined> {
  const test = {
    rule_files: [rules],
    evaluation_interval: '15s',
    tests: [
      {
        interval: '15s',
        input_series: samples.map(({ metric, labels, value }) => ({
          series: `${metric.name}${JSON.stringify(labels).replaceAll(/"(\w+)":/g, '$1=')}`,
          values: String(value),
        })),
        promql_expr_test: [
          {
            expr: `{__name__=~"${names}"}`,
            eval_time: '0s',
            exp_samples: [...series].map(([labels, value]) => ({ labels, value })),
          },
        ],
      },
    ],
  };
  await writeFile(join(folder, 'migration.test.yml'), JSON.stringify(test));
  const [complaint] = await testRules('promtool', folder, ['migration.test.yml']);
  return complaint;
}
