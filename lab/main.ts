import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { driverOptions, saysAllSeen } from './command-line.ts';
import { runMachine } from './machine.ts';
import { findMissingPackages } from './prerequisites.ts';
import { keepRecordings, keepStory, makeRunFolder, repository } from './run-folder.ts';
import type { Scenario } from './scenario.ts';
import { longScenarios, scenarios } from './scenarios/index.ts';

const timeoutSeconds = 2400;

const help = `Usage: npm run lab -- [SCENARIO]... [--record]

Boots a kernel with an LVS-DR cluster as an ordinary process and watches the exporter in it.
The exit status is 0 when everything that the scenarios expect was seen.

Scenarios (all of them when none is named):
${listScenarios(scenarios)}

Only when named:
${listScenarios(longScenarios)}

Options:
  --record   Instead of scenarios: load the cluster until a table is full, and keep what the exporter
             records of it in test/fixtures/lab/.
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
  await runLab(values.record ? ['--record'] : names, values.record);
}

function listScenarios(some: readonly Scenario[]): string {
  return some.map(({ name, shows }) => `  ${name.padEnd(16)} ${shows}`).join('\n');
}

function chooseScenarios(names: readonly string[]): readonly string[] {
  const known = [...scenarios, ...longScenarios].map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`Unknown scenario "${unknown}": expected ${known.join(', ')}`);
  return names.length === 0 ? scenarios.map(({ name }) => name) : names;
}

async function runLab(driverArguments: readonly string[], keep: boolean): Promise<void> {
  const folder = makeRunFolder();
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupt.abort());
  const signal = AbortSignal.any([interrupt.signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  const allSeen = await runInside(folder, driverArguments, signal);
  if (keep && allSeen) print(`lab: recordings are in ${keepRecordings(folder)}`);
  const story = allSeen ? keepStory(folder) : undefined;
  if (story !== undefined) print(`lab: the story is in ${story}`);
  if (allSeen || interrupt.signal.aborted) rmSync(folder, { recursive: true, force: true });
  if (interrupt.signal.aborted) throw new Error('Stopped by a signal');
  if (signal.aborted) throw new Error(`Stopped after ${timeoutSeconds} s: logs are in ${folder}`);
  if (!allSeen) throw new Error(`Not everything was seen: logs are in ${folder}`);
}

/** Whether the driver said that it saw everything. */
async function runInside(folder: string, driverArguments: readonly string[], signal: AbortSignal): Promise<boolean> {
  const init = [join(import.meta.dirname, 'init.sh'), repository, folder, process.execPath, ...driverArguments];
  let allSeen = false;
  for await (const line of runMachine({ init, folder, signal })) {
    print(line);
    allSeen ||= saysAllSeen(line);
  }
  return allSeen;
}
