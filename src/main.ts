#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { readBuild } from './cli/build.ts';
import { openMachine } from './cli/open-machine.ts';
import {
  type CheckConfig,
  type Config,
  type DiagnoseConfig,
  type MetricsConfig,
  type PlanConfig,
  type RecordConfig,
  readConfig,
  type ServeConfig,
} from './cli/options/config.ts';
import { UsageError } from './cli/options/option.ts';
import { serve } from './cli/serve.ts';
import { messageOf } from './host/errors.ts';
import type { Host } from './host/host.ts';
import { formatListenAddress, systemdSockets } from './http/listen.ts';
import { makeLinesVisible, makeVisible } from './identity/visible.ts';
import { listenToNotifyFifo } from './keepalived/notify/notify-fifo.ts';
import { createLineWriter } from './log/line-writer.ts';
import { createLog, type Log } from './log/log.ts';
import { logMessages } from './log/messages.ts';
import { limitRepeats } from './log/repeats.ts';
import type { Collector } from './scrape/collector.ts';

const usageExitCode = 2;

const files = {
  assets: fileURLToPath(new URL('assets', import.meta.url)),
  docs: fileURLToPath(new URL('docs', import.meta.url)),
};

const build = readBuild(import.meta.url, process.version);

/** Exit codes by the worst severity. */
const isDiagnosis = process.argv[2] === 'diagnose';
/** Nagios shows what a check writes to its standard output. */
const isCheckPlugin = isDiagnosis && /(^| )--output[= ]check( |$)/.test(process.argv.slice(2).join(' '));

// Node.js opens its debugger, to every user of the machine, on a SIGUSR1 that is not handled. Tools that look for
// keepalived by the text of its command line find this program too: what they send must not end it.
process.on('SIGUSR1', () => undefined).on('SIGUSR2', () => undefined);

// Its reader may have seen enough, `| head`: the exit code stays what it is.
process.stdout.on('error', () => undefined);

try {
  await run(readConfig(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`lvs-exporter: ${makeLinesVisible(messageOf(error))}\n`);
  if (error instanceof UsageError) process.stderr.write('Try "lvs-exporter --help".\n');
  process.exitCode = error instanceof UsageError ? usageExitCode : 1;
  if (isDiagnosis) await endUnknown(messageOf(error));
}

/** What only some runs need is imported by them: the service is to start soon, and keeps all that it has loaded. */
async function run(config: Config): Promise<void> {
  if ('namesFile' in config && config.namesFile !== undefined) await checkNames(config.namesFile);
  switch (config.command) {
    case 'help':
      process.stdout.write((await import('./cli/options/help.ts')).helpText(config.about));
      return;
    case 'version':
      process.stdout.write(`lvs-exporter ${build.version}\n`);
      return;
    case 'serve':
      await runServer(config, openLog(config));
      return;
    case 'record':
      await runRecord(config, openLog(config));
      return;
    case 'diagnose':
      await runDiagnose(config);
      return;
    case 'metrics':
      await runMetrics(config);
      return;
    case 'check-web-config':
      await runCheck(config);
      return;
    case 'top':
      await (await import('./cli/top/here.ts')).runTopHere(config, process);
      return;
    case 'plan':
      await runPlan(config);
      return;
  }
}

function openLog({ log }: ServeConfig | RecordConfig): Log {
  const write = createLineWriter(process.stderr, (count) => `${count} lines dropped: the log could not be written\n`);
  return limitRepeats(createLog({ ...log, write }));
}

async function runServer(config: ServeConfig, log: Log): Promise<void> {
  const { notifyFifo, replay, replaySpeed } = config;
  const fifo =
    notifyFifo === undefined || replay !== undefined ? undefined : listenToNotifyFifo({ path: notifyFifo, log });
  const host = replay === undefined ? openMachine(config, fifo) : await openRecording(replay, replaySpeed);
  const listenAddresses = config.systemdSocket ? systemdSockets(process.env, process.pid) : config.listenAddresses;
  const credentialsDirectory = process.env.CREDENTIALS_DIRECTORY;
  const exporter = await serve({ ...config, host, listenAddresses, credentialsDirectory, files, log, build });
  // A terminal that closes, or a reload: the web configuration is read again whenever it changes.
  process.on('SIGHUP', () => undefined);
  onStopSignal((signal) => {
    log.info({ signal }, logMessages.stopping);
    endAnyway(log);
    fifo?.close();
    exporter.stop().catch((error: unknown) => log.error({ error: String(error) }, logMessages.stopFailed));
  });
  for (const address of exporter.addresses) log.info({ address: formatListenAddress(address) }, logMessages.listening);
}

async function runRecord(config: RecordConfig, log: Log): Promise<void> {
  const { collectors, directory, intervalSeconds, durationSeconds } = config;
  const stopped = new AbortController();
  onStopSignal(() => stopped.abort());
  const { version } = build;
  const host = openMachine(config);
  const { record } = await import('./recording/record.ts');
  await record({ host, collectors, directory, intervalSeconds, durationSeconds, version, log, signal: stopped.signal });
}

async function openRecording(directory: string, speed: number): Promise<Host> {
  const { openReplay } = await import('./recording/replay-host.ts');
  return await openReplay(directory, { speed });
}

async function runDiagnose(config: DiagnoseConfig): Promise<void> {
  const { diagnoseHere } = await import('./cli/diagnose-here.ts');
  const { text, exitCode } = await diagnoseHere(config, {
    output: process.stdout,
    mayColor: process.env.NO_COLOR === undefined,
    progress: process.stderr,
  });
  process.stdout.write(text);
  process.exitCode = exitCode;
}

/** As Nagios takes a plugin that could not find out. */
async function endUnknown(problem: string): Promise<void> {
  const [{ exitCodes }, { renderUnknown }] = await Promise.all([
    import('./diagnosis/report/report.ts'),
    import('./diagnosis/report/check.ts'),
  ]);
  if (isCheckPlugin) process.stdout.write(renderUnknown(makeVisible(problem)));
  process.exitCode = exitCodes.unknown;
}

async function runMetrics(config: MetricsConfig): Promise<void> {
  const { readMetrics } = await import('./cli/metrics-here.ts');
  const text = await readMetrics(config, build, process.stderr);
  // The format has names as they are.
  if (config.output === undefined) process.stdout.write(process.stdout.isTTY ? makeLinesVisible(text) : text);
  else (await import('./cli/write-file.ts')).replaceFile(config.output, text);
}

async function checkNames(file: string): Promise<void> {
  const { readServiceNames } = await import('./host/service-names.ts');
  readServiceNames(file);
}

async function runCheck({ files }: CheckConfig): Promise<void> {
  const { checkWebConfig } = await import('./http/web-config/check-files.ts');
  const checked = files.map((file) => checkWebConfig(file, process.env.CREDENTIALS_DIRECTORY));
  for (const { isValid, line } of checked)
    (isValid ? process.stdout : process.stderr).write(`${makeLinesVisible(line)}\n`);
  if (checked.some(({ isValid }) => !isValid)) process.exitCode = 1;
}

async function runPlan(config: PlanConfig): Promise<void> {
  const [{ createPlanText }, { observeHere }] = await Promise.all([
    import('./cli/plan.ts'),
    import('./cli/observe-here.ts'),
  ]);
  const readDirector = (collectors: readonly Collector[]) =>
    observeHere(config, collectors, () => openMachine(config), process.stderr);
  process.stdout.write(makeLinesVisible(await createPlanText(config, readDirector)));
}

/** A second signal ends the process at once, as it does by default. */
function onStopSignal(stop: (signal: string) => void): void {
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

/** Longer than a scrape waits for its answer. */
const maxStopMs = 10_000;

/** Ends the process if something keeps it. A thread of libuv that hangs in a read keeps even exit(3). */
function endAnyway(log: Log): void {
  const end = () => {
    log.warn({ seconds: maxStopMs / 1000 }, logMessages.stopTimedOut);
    process.kill(process.pid, 'SIGKILL');
  };
  setTimeout(end, maxStopMs).unref();
}
