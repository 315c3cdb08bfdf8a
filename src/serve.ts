import type { Collector } from './collector.ts';
import { buildInfo } from './exporter-metrics.ts';
import { createProcessMetrics } from './exposition.ts';
import type { Host } from './host.ts';
import { type Listener, listenOnAll } from './listen.ts';
import type { BoundAddress, InheritedSocket, ListenAddress } from './listen-address.ts';
import type { Log } from './log.ts';
import { sample } from './metric.ts';
import { createSchedule } from './schedule.ts';
import { createRunner } from './scrape.ts';
import { createApp } from './server.ts';
import { webServers } from './web-server.ts';

/** What is running. */
export interface Build {
  readonly version: string;
  /** The commit it was built from, or `unknown`. */
  readonly revision: string;
  readonly nodeVersion: string;
}

export interface ServeOptions {
  readonly host: Host;
  readonly collectors: readonly Collector[];
  readonly listenAddresses: readonly (ListenAddress | InheritedSocket)[];
  /** A web configuration file as exporter-toolkit has them: TLS, passwords, headers. */
  readonly webConfigFile?: string | undefined;
  readonly log: Log;
  readonly build: Build;
}

export interface Exporter {
  readonly addresses: readonly BoundAddress[];
  /** Fulfilled when every collector that has a schedule has run once. */
  readonly ready: Promise<void>;
  /** Answers the requests that are under way, then stops. */
  stop(): Promise<void>;
}

/** Starts the exporter. Rejects, with nothing left running, if it cannot listen on every address. */
export async function serve({
  host,
  collectors,
  listenAddresses,
  webConfigFile,
  log,
  build,
}: ServeOptions): Promise<Exporter> {
  const runner = createRunner({ collectors, host, log });
  const schedule = createSchedule(runner);
  const processMetrics = createProcessMetrics();
  let isReady = false;
  const app = createApp({
    collect: async (timeoutMs) => [
      sample(buildInfo, 1, { version: build.version, revision: build.revision, node_version: build.nodeVersion }),
      ...(await runner.collect(timeoutMs)),
      ...(await processMetrics()),
    ],
    isReady: () => isReady,
    version: build.version,
    log,
  });
  const listeners = await listenOnAll(listenAddresses, webServers(app, webConfigFile, log));
  const ready = schedule.start().then(() => {
    isReady = true;
  });
  return {
    addresses: listeners.map(({ address }) => address),
    ready,
    async stop() {
      await schedule.stop();
      await Promise.all(listeners.map((listener: Listener) => listener.close()));
    },
  };
}
