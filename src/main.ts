#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import {
  type Config,
  helpText,
  type MachineConfig,
  type RecordConfig,
  readConfig,
  type ServeConfig,
} from './config.ts';
import type { Host } from './host.ts';
import { createKeepalivedReader } from './keepalived/reader.ts';
import { createLinuxHost } from './linux-host.ts';
import { formatListenAddress } from './listen-address.ts';
import { createLog, type Log } from './log.ts';
import { UsageError } from './option.ts';
import { messageOf } from './read.ts';
import { record } from './recording/record.ts';
import { openReplay } from './recording/replay-host.ts';
import { type Build, serve } from './serve.ts';
import { systemdSockets } from './systemd-sockets.ts';

const usageExitCode = 2;

try {
  await run(readConfig(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`lvs-exporter: ${messageOf(error)}\n`);
  if (error instanceof UsageError) process.stderr.write('Try "lvs-exporter --help".\n');
  process.exitCode = error instanceof UsageError ? usageExitCode : 1;
}

async function run(config: Config): Promise<void> {
  switch (config.command) {
    case 'help':
      process.stdout.write(helpText());
      return;
    case 'version':
      process.stdout.write(`lvs-exporter ${readBuild().version}\n`);
      return;
    case 'serve':
      await runServer(config, openLog(config));
      return;
    case 'record':
      await runRecord(config, openLog(config));
      return;
  }
}

function openLog({ log }: ServeConfig | RecordConfig): Log {
  return createLog({ ...log, write: (line) => process.stderr.write(line) });
}

async function runServer(config: ServeConfig, log: Log): Promise<void> {
  const { collectors, webConfigFile, replay, replaySpeed } = config;
  const host = replay === undefined ? openMachine(config) : await openReplay(replay, { speed: replaySpeed });
  const listenAddresses = config.systemdSocket ? systemdSockets(process.env, process.pid) : config.listenAddresses;
  const exporter = await serve({ host, collectors, listenAddresses, webConfigFile, log, build: readBuild() });
  for (const address of exporter.addresses) log.info({ address: formatListenAddress(address) }, 'Listening');
  onStopSignal((signal) => {
    log.info({ signal }, 'Stopping');
    exporter.stop().catch((error: unknown) => log.error({ error: String(error) }, 'Cannot stop'));
  });
}

async function runRecord(config: RecordConfig, log: Log): Promise<void> {
  const { collectors, directory, everySeconds, forSeconds } = config;
  const stopped = new AbortController();
  onStopSignal(() => stopped.abort());
  const { version } = readBuild();
  const host = openMachine(config);
  await record({ host, collectors, directory, everySeconds, forSeconds, version, log, signal: stopped.signal });
}

function openMachine({ procfs, requestDumps }: MachineConfig): Host {
  return createLinuxHost({ procfs, keepalived: createKeepalivedReader({ procfs, requestDumps }) });
}

/** A second signal ends the process at once, as it does by default. */
function onStopSignal(stop: (signal: string) => void): void {
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

function readBuild(): Build {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return { version, revision: readRevision(), nodeVersion: process.version };
}

/** Written by `npm run build`. */
function readRevision(): string {
  try {
    return readFileSync(new URL('revision', import.meta.url), 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
