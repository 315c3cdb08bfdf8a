import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchText } from './http.ts';

/** What a scrape reports of the exporter's process. */
export interface Scrape {
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly openDescriptors: number;
  /** Collectors that failed. */
  readonly failed: readonly string[];
}

export interface Scrapes {
  /** As they came. */
  readonly answered: readonly Scrape[];
  /** When and why those failed that were not answered, or not with 200. */
  readonly missed: readonly string[];
}

export interface ScrapeOptions {
  readonly address: string;
  /** It ends when there were so many, or after so long. */
  readonly total: number;
  readonly maxSeconds: number;
  /** As many scrape at the same time, each one after the other and this far apart at least. */
  readonly clients: number;
  readonly everyMilliseconds: number;
  /** How much of it is over, 0 to 1, after each. */
  readonly onProgress: (share: number) => void;
}

/** Scrapes an exporter as several servers would, on connections that last and one after the other. */
export async function scrapeOften({
  address,
  total,
  maxSeconds,
  clients,
  everyMilliseconds,
  onProgress,
}: ScrapeOptions): Promise<Scrapes> {
  const answered: Scrape[] = [];
  const missed: string[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const started = performance.now();
  let begun = 0;

  function progress(): number {
    return Math.max(begun / total, (performance.now() - started) / 1000 / maxSeconds);
  }

  async function scrapeOn(): Promise<void> {
    while (progress() < 1) {
      begun++;
      const due = performance.now() + everyMilliseconds;
      await fetchText(`http://${address}/metrics`, agent).then(
        (text) => answered.push(readScrape(text)),
        (error: unknown) => missed.push(`${Math.round(100 * progress())} %: ${error}`),
      );
      onProgress(progress());
      await sleep(Math.max(0, due - performance.now()));
    }
  }

  await Promise.all(Array.from({ length: clients }, scrapeOn));
  agent.destroy();
  return { answered, missed };
}

function readScrape(text: string): Scrape {
  const failed = text.matchAll(/^lvs_exporter_collector_success\{collector="(.*?)"\} 0$/gm);
  return {
    residentBytes: readValue(text, 'process_resident_memory_bytes'),
    heapBytes: readValue(text, 'nodejs_heap_size_used_bytes'),
    openDescriptors: readValue(text, 'process_open_fds'),
    failed: [...failed].map(([, collector = '']) => collector),
  };
}

function readValue(text: string, metric: string): number {
  return Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1]);
}
