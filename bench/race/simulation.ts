import { fullInSeconds, scanTimestamp } from '../../src/collectors/conntrack-table/metrics.ts';
import type { TimedForecast } from '../../src/flows/forecast/agreement.ts';
import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import { createRaceExporter, type RaceExporter } from './exporter.ts';
import type { Stream } from './lanes.ts';
import { createRecorder, type InputSeries, type Value } from './series.ts';
import { createRaceTable, type RaceTable } from './table.ts';

/** What happens to a table, and to those that watch it. Times are seconds since the first scan. */
export interface Course {
  readonly limit: number;
  readonly streams: readonly Stream[];
  readonly seconds: number;
  /** Between two scrapes of Prometheus. */
  readonly scrapeSeconds: number;
  /** Between two scans; as the exporter's schedule has it by default unless set. */
  readonly scanSeconds?: number;
  /** Between two passes of the garbage collector; a minute unless set, 16 s at most before Linux 5.15. */
  readonly gcSeconds?: number;
  readonly events?: readonly Event[];
  /** Settings of `net.netfilter` that are not the kernel's defaults. */
  readonly settings?: Readonly<Record<string, number>>;
}

export interface Event {
  readonly at: number;
  readonly happen: (stage: Stage) => void;
}

/** What an event can change. */
export interface Stage {
  readonly table: RaceTable;
  /** The exporter stops, and forgets all it saw. */
  stopExporter(): void;
  startExporter(): void;
  /** Whether Prometheus reaches the machine. */
  setReachable(reachable: boolean): void;
}

export interface Simulated {
  readonly series: readonly InputSeries[];
  /** When the table was full for the first time. */
  readonly fullAt: number | undefined;
  /** Most entries that there were, over the limit. */
  readonly maxUsage: number;
  /** What the exporter foretold at each scrape. */
  readonly forecasts: readonly TimedForecast[];
}

/**
 * Prometheus scrapes and evaluates when it does, not just after a scan: here in the middle between two scans, and in the
 * middle of the 5 s in which the groups that matter most are evaluated.
 */
const scrapeAfterScan = 7;
const evaluationAfterScrape = 2;

/** From Prometheus' clock, which is 0 at the first scrape. */
export function toSimulation(time: number): number {
  return time + scrapeAfterScan + evaluationAfterScrape;
}

/** The earliest time after an onset at which a rule can see it: when the next scan was scraped and evaluated. */
export function soonestSeen(onset: number): number {
  return toSimulation(Math.ceil((onset + 1) / scanIntervalSeconds) * scanIntervalSeconds) - onset;
}

/** No scan for this long, so that the table is at rest at the first scan. */
const settlingSeconds = 600;

/**
 * Runs a table, this exporter on it, and what node_exporter exports of it.
 *
 * @param wanted names of the metrics that rules use. The others are left out.
 */
export async function simulate(course: Course, wanted: ReadonlySet<string>): Promise<Simulated> {
  const { streams, limit, seconds, scrapeSeconds, events = [], settings = {} } = course;
  const { scanSeconds = scanIntervalSeconds, gcSeconds } = course;
  const table = createRaceTable(streams, { limit, startSeconds: -settlingSeconds, seed: 1, gcSeconds });
  while (table.seconds() < 0) table.advance();
  let exporter: RaceExporter | undefined = createRaceExporter(table, scrapeAfterScan, settings);
  let isReachable = true;
  const stage: Stage = {
    table,
    stopExporter() {
      exporter = undefined;
    },
    startExporter() {
      exporter = createRaceExporter(table, scrapeAfterScan, settings);
    },
    setReachable(reachable) {
      isReachable = reachable;
    },
  };

  const recorder = createRecorder();
  const forecasts: TimedForecast[] = [];
  let fullAt: number | undefined;
  let maxUsage = 0;
  for (; table.seconds() < seconds; table.advance()) {
    const second = table.seconds();
    for (const { at, happen } of events) if (at === second) happen(stage);
    if (second % scanSeconds === 0) await exporter?.scan();
    if (second % scrapeSeconds === scrapeAfterScan) {
      const scraped = isReachable ? await exporter?.scrape() : undefined;
      forecasts.push(...forecastOf(scraped));
      const ours = target('lvs-exporter', scraped);
      const theirs = target('node', isReachable ? nodeExporter(table) : undefined);
      recorder.record([...ours, ...theirs].filter(({ name }) => wanted.has(name)));
    }
    maxUsage = Math.max(maxUsage, table.count() / table.limit());
    if (isFull(table)) fullAt ??= second;
  }
  return { series: recorder.render(), fullAt, maxUsage, forecasts };
}

function forecastOf(scraped: readonly Value[] = []): TimedForecast[] {
  const seconds = scraped.find(({ name }) => name === fullInSeconds.name)?.value;
  const scanned = scraped.find(({ name }) => name === scanTimestamp.name)?.value;
  if (seconds === undefined || scanned === undefined) return [];
  return [{ atSeconds: scanned + scrapeAfterScan, fullInSeconds: seconds }];
}

/** Or was full within the second: a flow that leaves early makes room at once. */
function isFull(table: RaceTable): boolean {
  const { drop, early_drop } = table.counters();
  return table.count() >= table.limit() || drop + early_drop > 0;
}

/** The values of a scrape, with the labels that Prometheus adds, and `up`. */
function target(job: string, scraped: readonly Value[] | undefined): Value[] {
  const values = [...(scraped ?? []), { name: 'up', labels: {}, value: scraped ? 1 : 0 }];
  return values.map(({ name, labels, value }) => ({ name, labels: { ...labels, job, instance: 'compute1' }, value }));
}

function nodeExporter(table: RaceTable): Value[] {
  return [
    { name: 'node_nf_conntrack_entries', labels: {}, value: table.count() },
    { name: 'node_nf_conntrack_entries_limit', labels: {}, value: table.limit() },
  ];
}
