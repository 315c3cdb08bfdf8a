import { type HistoryPrometheus, startHistoryPrometheus } from '../../scripts/history-prometheus.ts';
import { renderLine } from '../../scripts/replayed-history.ts';

/** A series, and its value at each scrape: a number for all of them, undefined where there is none. */
export interface Written {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | ((scrape: number) => number | undefined);
  /** How many seconds earlier than the others it was scraped. */
  readonly earlierSeconds?: number;
}

const stepSeconds = 15;
/** Prometheus goes on with the last value of a series that ended for 5 minutes, and so with what is recorded of it. */
const minutes = 30;
export const scrapes = (minutes * 60) / stepSeconds + 1;

const blockSeconds = 2 * 3600;
/** Within one of Prometheus' blocks, so that `promtool` evaluates rules all the way. */
const endSeconds = Math.floor(Date.now() / 1000 / blockSeconds) * blockSeconds - 600;

/** Half an hour of scrapes, every 15 s. */
export const written = { startSeconds: endSeconds - minutes * 60, endSeconds, stepSeconds };

/** Starts a Prometheus with these series. */
export async function startWritten(series: readonly Written[]): Promise<HistoryPrometheus> {
  const prometheus = await startHistoryPrometheus();
  await prometheus.add(`${series.flatMap(render).join('\n')}\n# EOF\n`);
  return prometheus;
}

function render({ name, labels, value, earlierSeconds = 0 }: Written): string[] {
  return Array.from({ length: scrapes }, (_, scrape) => {
    const present = typeof value === 'number' ? value : value(scrape);
    const at = written.startSeconds - earlierSeconds + scrape * stepSeconds;
    return present === undefined ? [] : [renderLine(name, labels, present, at)];
  }).flat();
}
