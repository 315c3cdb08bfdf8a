import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bootLab } from './boot.ts';
import { createClock } from './clock/clock.ts';
import { driverOptions } from './command-line.ts';
import type { Cluster } from './lab.ts';
import { findMissingPackages } from './prerequisites.ts';
import { type RunInFreshCluster, runWithRepetitions } from './repetitions.ts';
import { formatResult, isAllSeen, type Result } from './results.ts';
import { hasLogs, keepRecordings, keepStory, makeRunFolder, putLogsAside } from './run-folder.ts';
import type { Scenario } from './scenario.ts';
import { namedScenarios, scenarios } from './scenarios/index.ts';
import { record } from './scenarios/record.ts';
import { recordDemo } from './scenarios/record-demo.ts';

const help = `Usage: npm run lab -- [SCENARIO]... [--record] [--record-demo]

Boots a kernel with an LVS-DR cluster as an ordinary process and watches the exporter in it.
A scenario of which something was not seen runs again in a fresh cluster. The exit status is 0 when everything that the
scenarios expect was seen.

Scenarios (these when none is named):
${listScenarios(scenarios)}

Only when named:
${listScenarios(namedScenarios)}

Options:
  --record   Instead of scenarios: load the cluster until a table is full, and keep what the exporter
             records of it in test/fixtures/lab/.
  --record-demo
             Instead of scenarios: a table that fills, the remedy and a failover, and keep what the
             exporter records of it in test/fixtures/demo/, which the demo replays.
  --help     Show this help and stop.
`;

const print = (line: string) => process.stdout.write(`${line}\n`);

try {
  await main();
} catch (error) {
  process.stderr.write(`lab: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const options = { ...driverOptions, help: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    print(help);
    return;
  }
  const names = chooseScenarios(positionals);
  const missing = findMissingPackages();
  if (missing.length > 0) throw new Error(`The lab needs Debian packages: apt-get install ${missing.join(' ')}`);
  const recording = findRecording(values);
  await runLab(recording === undefined ? names : [recording.name]);
}

function findRecording(values: Readonly<Record<string, unknown>>): Scenario<Cluster> | undefined {
  return [record, recordDemo].find(({ name }) => values[name] === true);
}

function isRecording(name: string): boolean {
  return findRecording({ [name]: true }) !== undefined;
}

function listScenarios(some: readonly Scenario[]): string {
  return some.map(({ name, shows }) => `  ${name.padEnd(16)} ${shows}`).join('\n');
}

function chooseScenarios(names: readonly string[]): readonly string[] {
  const known = [...scenarios, ...namedScenarios].map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`Unknown scenario "${unknown}": expected ${known.join(', ')}`);
  return names.length === 0 ? scenarios.map(({ name }) => name) : names;
}

async function runLab(names: readonly string[]): Promise<void> {
  const folder = makeRunFolder();
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupt.abort());
  const results = await runWithRepetitions(names, bootIn(folder, interrupt.signal), print);
  const allSeen = names.every((name) => isAllSeen(results.get(name)));
  if (allSeen) keepOutcome(folder);
  const wasRepeated = hasLogs(folder, 2);
  if (allSeen && !wasRepeated) rmSync(folder, { recursive: true, force: true });
  if (wasRepeated) print(`\nlab: not everything was seen at once: logs are in ${folder}`);
  print(formatResult(sumUp(names, results)));
  if (!allSeen) throw new Error(`Not everything was seen: logs are in ${folder}`);
}

function keepOutcome(folder: string): void {
  for (const recordings of keepRecordings(folder)) print(`lab: recordings are in ${recordings}`);
  const story = keepStory(folder);
  if (story !== undefined) print(`lab: the story is in ${story}`);
}

/** A scenario that the lab did not come to counts as a check that was not seen. */
function sumUp(names: readonly string[], results: ReadonlyMap<string, Result>): Result {
  const missing = names.filter((name) => !results.has(name)).length;
  const all = [...results.values()];
  return {
    name: 'lab',
    seen: all.reduce((sum, { seen }) => sum + seen, 0),
    notSeen: all.reduce((sum, { notSeen }) => sum + notSeen, missing),
  };
}

function bootIn(folder: string, signal: AbortSignal): RunInFreshCluster {
  const clock = createClock(folder);
  let boots = 0;
  return async (names) => {
    const driverArguments = names.every(isRecording) ? names.map((name) => `--${name}`) : names;
    const results = await bootLab({ folder, clock, driverArguments, print, signal });
    if (signal.aborted) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error('Stopped by a signal');
    }
    putLogsAside(folder, ++boots);
    return results;
  };
}
