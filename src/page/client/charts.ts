import type { HistoryColumns } from '../history.ts';
import { type Chart, drawChart } from './chart.ts';

interface Drawn {
  readonly chart: Chart;
  readonly place: Element;
  /** The markup of the legend: with other lines the chart is another one. */
  readonly legend: string;
}

const drawn = new Map<string, Drawn>();

/** Shows the history in every chart of the page. A chart outlives the markup around it, which comes anew. */
export function showCharts(history: HistoryColumns): void {
  for (const section of document.querySelectorAll<HTMLElement>('.chart')) show(section, history);
}

function show(section: HTMLElement, history: HistoryColumns): void {
  const place = section.querySelector('.plot');
  const legend = section.querySelector('.legend')?.innerHTML ?? '';
  const known = drawn.get(section.id);
  if (known?.legend === legend) {
    if (place !== known.place) place?.replaceWith(known.place);
    known.chart.show(history);
    return;
  }
  const chart = place && drawChart(section, history);
  if (chart) drawn.set(section.id, { chart, place, legend });
}
