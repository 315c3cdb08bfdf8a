import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert, type RuleGroup } from '../../alerts/src/rule.ts';
import { type HistorySeries, readWindows } from './history.ts';
import { seriesOf } from './pages.ts';
import type { Target } from './scrape-job.ts';
import { everySeconds } from './served.ts';

export const rules = fileURLToPath(new URL('../../alerts/lvs-exporter.rules.yml', import.meta.url));
const daySeconds = 86_400;
const maxNodesWithWeek = 100;

/** How far back the rules look, by the metric. */
export async function windowsOfRules(): Promise<Map<string, number>> {
  return readWindows(await readFile(rules, 'utf8'));
}

/** The series of these metrics, scraped and recorded, for as long as is looked back at them. */
export function pastOf(
  targets: readonly Target[],
  text: (path: string) => string,
  windows: ReadonlyMap<string, number>,
): HistorySeries[] {
  return targets.flatMap(({ labels, path }, index) =>
    seriesOf(text(path)).flatMap((series) => {
      const [metric = '', own = ''] = series.replace(/\}$/, ',').split('{');
      const common = `job="lvs-exporter",instance="${labels.instance}",cluster="${labels.cluster}"`;
      return [...windows]
        .filter(([name]) => name === metric || name.split(':')[1] === metric)
        .map(([name, seconds]) => ({
          series: `${name}{${own}${common}}`,
          seconds: Math.min(seconds, index < maxNodesWithWeek ? Number.POSITIVE_INFINITY : daySeconds),
          everySeconds: groups.find((group) => records(group, name))?.intervalSeconds ?? everySeconds,
        }));
    }),
  );
}

function records({ rules: all }: RuleGroup, name: string): boolean {
  return all.some((rule) => !isAlert(rule) && rule.record === name);
}
