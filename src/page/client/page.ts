import { scanIntervalSeconds } from '../../identity/scan-interval.ts';
import { time } from '../../readings/format.ts';
import type { HistoryColumns } from '../model/history.ts';
import { announce } from './announce.ts';
import { showCharts } from './charts.ts';
import { adoptSections, updateSections } from './sections.ts';

/**
 * What the page can do with a script: charts, buttons that copy, and that it is always of now. Without one it is whole
 * but for those.
 */

const refreshMs = 5000;
/** The exporter takes note after each scan: by then it has failed to several times. */
const staleSeconds = 4 * scanIntervalSeconds;

const main = element('main');
const lost = element('lost');

let isPaused = false;
let underWay: Promise<void> | undefined;

adoptSections(main);
addPauseButton();
document.title = titleHere(document);
document.addEventListener('visibilitychange', refresh);
await refreshForever();

async function refreshForever(): Promise<void> {
  await refresh();
  setTimeout(refreshForever, refreshMs);
}

/** One at a time: of two, the older answer might come last. */
function refresh(): Promise<void> {
  underWay ??= bringUpToDate().finally(() => {
    underWay = undefined;
  });
  return underWay;
}

async function bringUpToDate(): Promise<void> {
  if (isPaused || document.hidden) return;
  const answer = await ask();
  if (isPaused) return;
  if (!answer) return warn(`The exporter does not answer. ${formatMoment()}`);
  try {
    take(answer.page, answer.main);
    showCharts(answer.history);
    warn(formatAge(answer));
  } catch (error) {
    warn('This page cannot be updated: reload it.');
    reportError(error);
  }
}

/** What the exporter reports. */
interface Answer {
  readonly page: Document;
  readonly main: HTMLElement;
  readonly history: HistoryColumns;
  /** When it answered, by its own clock. Unix time; NaN if the response has no date. */
  readonly atSeconds: number;
}

/** Undefined without an answer of the exporter: none, or that of a proxy or a login page. */
async function ask(): Promise<Answer | undefined> {
  try {
    const [markup, columns] = await Promise.all([get(location.href), get('history.json')]);
    const page = new DOMParser().parseFromString(await markup.text(), 'text/html');
    const main = page.getElementById('main');
    const atSeconds = Date.parse(columns.headers.get('Date') ?? '') / 1000;
    return main ? { page, main, history: await columns.json(), atSeconds } : undefined;
  } catch {
    return undefined;
  }
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { cache: 'no-cache', signal: AbortSignal.timeout(2 * refreshMs) });
  if (!response.ok) throw new Error(`Expected an answer, got status ${response.status}`);
  return response;
}

function take(page: Document, fresh: HTMLElement): void {
  updateSections(main, fresh);
  const title = titleHere(page);
  if (title === document.title) return;
  document.title = title;
  announce(`${title}: ${main.querySelector('h1')?.textContent}`);
}

/** Empty for what is of now. In whole minutes: a screen reader would hear of each second. */
function formatAge({ history, atSeconds }: Answer): string {
  const ageSeconds = atSeconds - (history.atSeconds.at(-1) ?? Number.NaN);
  if (!(ageSeconds > staleSeconds)) return '';
  return `The exporter has read nothing new for ${time(Math.floor(ageSeconds / 60) * 60)}. ${formatMoment()}`;
}

function formatMoment(): string {
  const moment = main.querySelector('#state time')?.textContent;
  return moment ? `What you see is as of ${moment}.` : '';
}

/** Shows what is wrong with the visible page; empty for nothing. */
function warn(text: string): void {
  if (lost.textContent !== text) lost.textContent = text;
  lost.hidden = text === '';
}

/** Tabs of many machines are distinguished by their names. */
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
