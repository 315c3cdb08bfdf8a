import { baseName } from '../collectors/namespaced.ts';
import type { Host } from '../host/host.ts';
import { createProcessMetrics } from '../http/exposition.ts';
import type { BoundAddress, InheritedSocket, ListenAddress } from '../http/listen.ts';
import { type Listener, listenOnAll } from '../http/listen.ts';
import { defaultMaxRequests } from '../http/request-limit.ts';
import { defaultTelemetryPath } from '../http/telemetry-path.ts';
import { webServers } from '../http/web-server.ts';
import { scanIntervalSeconds } from '../identity/scan-interval.ts';
import type { Log } from '../log/log.ts';
import { logMessages } from '../log/messages.ts';
import { createWatch } from '../page/watch.ts';
import type { Collector } from '../scrape/collector.ts';
import { createSchedule, scheduledRuns } from '../scrape/schedule.ts';
import { createRunner } from '../scrape/scrape.ts';
import { createApp, type StaticFiles } from '../server.ts';
import { type Build, buildSample } from './build.ts';
import { createPageReadings } from './page-readings.ts';

export interface ServeOptions {
  readonly host: Host;
  readonly collectors: readonly Collector[];
  readonly listenAddresses: readonly (ListenAddress | InheritedSocket)[];
  /** A web configuration file as exporter-toolkit has them: TLS, passwords, headers. */
  readonly webConfigFile?: string | undefined;
  /** Where systemd put the credentials of the service. */
  readonly credentialsDirectory?: string | undefined;
  /** Where metrics are served; `/metrics` by default. */
  readonly telemetryPath?: string;
  readonly files: StaticFiles;
  /** Scrapes that may be under way at one time; 0 for no limit. */
  readonly maxRequests?: number;
  /** When readings for the status page are noted, as a cron expression with seconds. */
  readonly pageSchedule?: string;
  readonly log: Log;
  readonly build: Build;
}

/** Soon after each scan of the table, on the schedule that it has by default. */
const afterScans = `5-59/${scanIntervalSeconds} * * * * *`;

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
  credentialsDirectory,
  telemetryPath = defaultTelemetryPath,
  files,
  maxRequests = defaultMaxRequests,
  pageSchedule = afterScans,
  log,
  build,
}: ServeOptions): Promise<Exporter> {
  const runner = createRunner({ collectors, host, log });
  const watch = createWatch({ collect: createPageReadings(runner), version: build.version, now: Date.now });
  const note = () =>
    watch.note().catch((error: unknown) => log.error({ error: String(error) }, logMessages.statusPageFailed));
  const collecting = createSchedule(scheduledRuns(runner));
  const watching = createSchedule([{ schedule: pageSchedule, run: note }]);
  const processMetrics = createProcessMetrics();
  let isReady = false;
  const app = createApp({
    collect: async (timeoutMs, names) => [
      buildSample(build),
      ...(await runner.collectParts(timeoutMs, names && collectors.filter((one) => names.has(baseName(one))))),
      ...(await processMetrics()),
    ],
    collectors: [...new Set(collectors.map(baseName))],
    telemetryPath,
    isReady: () => isReady,
    watch,
    files,
    maxRequests,
    log,
  });
  const listeners = await listenOnAll(
    listenAddresses,
    await webServers(app, { webConfigFile, credentialsDirectory, log }),
  );
  // The first page does not wait for a collector that hangs; the second has what all of them found.
  const firstPage = watching.start();
  const ready = collecting.start().then(async () => {
    isReady = true;
    await firstPage;
    await note();
  });
  return {
    addresses: listeners.map(({ address }) => address),
    ready,
    async stop() {
      collecting.stop();
      watching.stop();
      await Promise.all(listeners.map((listener: Listener) => listener.close()));
    },
  };
}
