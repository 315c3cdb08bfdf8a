import type { HistoryColumns } from '../model/history.ts';
import { type Chart, drawChart } from './chart.ts';
import { linesOf } from './readings.ts';

interface Drawn {
  readonly chart: Chart;
  readonly place: Element;
  /** Lines as the legend defines them: other lines need another chart. */
  readonly lines: string;
}

const drawn = new Map<string, Drawn>();

/** Shows the history in every chart of the page. A chart outlives the markup around it, which is replaced. */
export function showCharts(history: HistoryColumns): void {
  const sections = [...document.querySelectorAll<HTMLElement>('.chart')];
  const ids = new Set(sections.map(({ id }) => id));
  for (const id of [...drawn.keys()]) if (!ids.has(id)) forget(id);
  for (const section of sections) show(section, history);
}

function show(section: HTMLElement, history: HistoryColumns): void {
  const place = section.querySelector('.plot');
  const lines = JSON.stringify(linesOf(section));
  const known = drawn.get(section.id);
  if (known?.lines === lines) {
    if (place !== known.place) place?.replaceWith(known.place);
    known.chart.show(history);
    return;
  }
  forget(section.id);
  const chart = place && drawChart(section, history);
  if (chart) drawn.set(section.id, { chart, place, lines });
}

function forget(id: string): void {
  drawn.get(id)?.chart.destroy();
  drawn.delete(id);
}
