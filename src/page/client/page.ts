import type { HistoryColumns } from '../history.ts';
import { showCharts } from './charts.ts';
import { adoptSections, updateSections } from './sections.ts';

/**
 * What the page can do with a script: charts, buttons that copy, and that it is always of now. Without one it is whole
 * but for those.
 */

const refreshMs = 5000;

const main = element('main');
const news = element('news');
const lost = element('lost');

let isPaused = false;
let history: HistoryColumns | undefined;

adoptSections(main);
addPauseButton();
document.title = titleHere(document);
document.addEventListener('visibilitychange', () => void refresh());
await refreshForever();

async function refreshForever(): Promise<void> {
  await refresh();
  setTimeout(refreshForever, refreshMs);
}

async function refresh(): Promise<void> {
  if (isPaused || document.hidden) return;
  try {
    const [markup, columns] = await Promise.all([fetchText(location.href), fetchText('history.json')]);
    history = JSON.parse(columns);
    take(new DOMParser().parseFromString(markup, 'text/html'));
    lost.hidden = true;
  } catch {
    // A proxy or a login page may answer as well as nobody; what counts is that this is no longer the present.
    lost.hidden = false;
  }
  if (history) showCharts(history);
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { cache: 'no-cache', signal: AbortSignal.timeout(2 * refreshMs) });
  if (!response.ok) throw new Error(`Expected an answer, got status ${response.status}`);
  return response.text();
}

function take(fresh: Document): void {
  const next = fresh.getElementById('main');
  if (!next) throw new Error('Expected the status page, got another one');
  updateSections(main, next);
  const title = titleHere(fresh);
  if (title === document.title) return;
  document.title = title;
  news.textContent = `${title}: ${main.querySelector('h1')?.textContent}`;
}

/** Tabs of many machines are told apart by their names. */
function titleHere({ title }: Document): string {
  return title.replace('lvs-exporter', location.host);
}

/** What moves by itself can be stopped. */
function addPauseButton(): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Pause';
  button.addEventListener('click', () => {
    isPaused = !isPaused;
    button.textContent = isPaused ? 'Go on' : 'Pause';
    void refresh();
  });
  document.querySelector('nav')?.append(button);
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`Expected an element "${id}"`);
  return found;
}
