import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Log } from '../../log/log.ts';
import { openReplay } from '../../recording/replay-host.ts';
import type { Collector } from '../../scrape/collector.ts';
import type { Sample } from '../../scrape/metric.ts';
import { createSchedule, scheduledRuns } from '../../scrape/schedule.ts';
import { createRunner } from '../../scrape/scrape.ts';
import type { TopConfig } from './config.ts';
import { scrapeExporter } from './remote-exporter.ts';

/** What the live view reads again and again. */
export interface TopSource {
  readonly name: string;
  read(): Promise<readonly Sample[]>;
  stop(): void;
}

/** As long as a scrape waits. */
const timeoutMs = 10_000;

/** This machine, a recording, or an exporter elsewhere. */
export async function openTopSource(config: TopConfig, openHost: () => Host): Promise<TopSource> {
  const { remote, replay, replaySpeed, collectors } = config;
  if (remote !== undefined) {
    return { name: remote.url.host, read: async () => await scrapeExporter(remote), stop: () => undefined };
  }
  if (replay === undefined) return readHost(hostname(), openHost(), collectors);
  return readHost(basename(replay), await openReplay(replay, { speed: replaySpeed }), collectors);
}

function readHost(name: string, host: Host, collectors: readonly Collector[]): TopSource {
  const runner = createRunner({ collectors, host, log: silent });
  const schedule = createSchedule(scheduledRuns(runner));
  const firstRuns = schedule.start();
  return {
    name,
    async read() {
      await firstRuns;
      return await runner.collect(timeoutMs);
    },
    stop: () => schedule.stop(),
  };
}

const ignore = () => undefined;
/** Lines of a log would spoil the screen. */
const silent: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
