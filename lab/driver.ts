import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createChecks } from './checks.ts';
import { logFolder } from './cluster/folders.ts';
import { driverOptions } from './command-line.ts';
import { type Cluster, startCluster, startMonitoring } from './lab.ts';
import { seeClusterReady, seeMonitoringReady } from './ready.ts';
import { formatResult, isAllSeen } from './results.ts';
import type { Scenario } from './scenario.ts';
import { namedScenarios, scenarios } from './scenarios/index.ts';
import { record } from './scenarios/record.ts';
import { recordDemo } from './scenarios/record-demo.ts';

// Runs inside User Mode Linux, in compute's namespaces: starts the daemons, runs the scenarios and reports their results.

const print = (line: string) => process.stdout.write(`${line}\n`);
const { values, positionals } = parseArgs({ options: driverOptions, allowPositionals: true });
const checks = createChecks(print);

mkdirSync(logFolder);
const recording = [record, recordDemo].find(({ name }) => values[name as keyof typeof values]);
await (recording === undefined ? runScenarios() : runRecording(recording));
// The daemons are still running and would keep this process: they end with the machine.
process.exit();

async function runRecording(scenario: Scenario<Cluster>): Promise<void> {
  const cluster = await report('start', async () => {
    const started = startCluster(checks);
    await seeClusterReady(started);
    return started;
  });
  if (cluster !== undefined) await runScenario(scenario, cluster);
}

async function runScenarios(): Promise<void> {
  const lab = await report('start', async () => {
    const started = await startMonitoring(startCluster(checks));
    await seeClusterReady(started);
    await seeMonitoringReady(started);
    return started;
  });
  if (lab === undefined) return;
  const chosen = [...scenarios, ...namedScenarios].filter(({ name }) => positionals.includes(name));
  for (const scenario of chosen) await runScenario(scenario, lab);
}

async function runScenario<Needs extends Cluster>({ name, shows, run }: Scenario<Needs>, lab: Needs): Promise<void> {
  print(`\n${name}: ${shows}`);
  await report(name, () => run(lab));
}

/** Prints the result of what the work checks. Returns what it made if all was seen. */
async function report<Made>(name: string, work: () => Promise<Made>): Promise<Made | undefined> {
  const made = await work().catch((error: unknown) => {
    checks.fail(`${name} runs to its end`, error);
    return undefined;
  });
  const result = { name, ...checks.takeTally() };
  print(formatResult(result));
  return isAllSeen(result) ? made : undefined;
}
