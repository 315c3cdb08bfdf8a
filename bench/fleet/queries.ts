import process from 'node:process';
import { all, resolve } from '../../dashboards/preview/resolve.ts';
import type { Dashboard, Panel } from '../../dashboards/src/grafana.ts';
import { everySeconds } from './served.ts';

export const rangeSeconds = 3600;
const repetitions = 3;
/** All machines; the rows that repeat are for one. */
const picked = { ...all, fullest: 'node2' };

const print = (...columns: readonly (string | number)[]) => process.stdout.write(`${columns.join('\t')}\n`);

/** Asks every query of the dashboards for all nodes, over an hour, and for its last moment where it asks for the latest. */
export async function reportQueries(url: string, dashboards: readonly Dashboard[], atSeconds: number): Promise<void> {
  print('\ndashboard', 'row', 'query', 'series', 'shortest ms');
  for (const dashboard of dashboards) {
    for (const [row, panel] of panelsByRow(dashboard)) {
      for (const { refId, expr, instant } of panel.targets) {
        const query = resolve(expr, { scrapeSeconds: everySeconds, rangeSeconds, picked });
        const { series, milliseconds } = await ask(url, query, instant, atSeconds);
        print(dashboard.uid, row, `${panel.title} ${refId}`, series, milliseconds.toFixed(0));
      }
    }
  }
}

function panelsByRow({ panels }: Dashboard): [string, Panel][] {
  let row = '';
  return panels.flatMap((panel): [string, Panel][] => {
    if (panel.type !== 'row') return [[row, panel]];
    row = panel.title;
    return panel.panels.map((one) => [row, one]);
  });
}

interface Answer {
  readonly error?: string;
  readonly data?: { readonly result: readonly unknown[] };
}

async function ask(
  url: string,
  query: string,
  instant: boolean,
  end: number,
): Promise<{ series: number; milliseconds: number }> {
  const range = { start: String(end - rangeSeconds), end: String(end), step: String(everySeconds) };
  const parameters = new URLSearchParams({ query, nocache: '1', ...(instant ? { time: String(end) } : range) });
  const times: number[] = [];
  let series = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const before = performance.now();
    const answer = await fetch(`${url}/api/v1/query${instant ? '' : '_range'}`, { method: 'POST', body: parameters });
    const { data, error } = (await answer.json()) as Answer;
    if (data === undefined) throw new Error(`Cannot query ${query}: ${error}`);
    times.push(performance.now() - before);
    series = data.result.length;
  }
  return { series, milliseconds: Math.min(...times) };
}
