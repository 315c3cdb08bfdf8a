#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { type Config, helpText, readConfig, type ServeConfig } from './config.ts';
import { createLinuxHost } from './linux-host.ts';
import { formatListenAddress } from './listen-address.ts';
import { createLog, type Log } from './log.ts';
import { UsageError } from './option.ts';
import { type Build, serve } from './serve.ts';

const usageExitCode = 2;

try {
  await run(readConfig(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`lvs-exporter: ${error instanceof Error ? error.message : String(error)}\n`);
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
      await runServer(config, createLog({ ...config.log, write: (line) => process.stderr.write(line) }));
      return;
    case 'record':
      return;
  }
}

async function runServer(config: ServeConfig, log: Log): Promise<void> {
  const host = createLinuxHost({ procfs: config.procfs, keepalived: async () => ({ running: false, dumps: {} }) });
  const { collectors, listenAddresses } = config;
  const exporter = await serve({ host, collectors, listenAddresses, log, build: readBuild() });
  for (const address of exporter.addresses) log.info({ address: formatListenAddress(address) }, 'Listening');
  const stop = (signal: string) => {
    log.info({ signal }, 'Stopping');
    exporter.stop().catch((error: unknown) => log.error({ error: String(error) }, 'Cannot stop'));
  };
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
