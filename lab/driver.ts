import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createChecks } from './checks.ts';
import { logFolder } from './cluster/folders.ts';
import { closingLine, driverOptions } from './command-line.ts';
import { type Cluster, startCluster, startMonitoring } from './lab.ts';
import { seeClusterReady, seeMonitoringReady } from './ready.ts';
import type { Scenario } from './scenario.ts';
import { longScenarios, scenarios } from './scenarios/index.ts';
import { record } from './scenarios/record.ts';

// Runs inside User Mode Linux, in compute's namespaces: starts the daemons, runs the scenarios, tells how it went.

const print = (line: string) => process.stdout.write(`${line}\n`);
const { values, positionals } = parseArgs({ options: driverOptions, allowPositionals: true });
const checks = createChecks(print);

try {
  mkdirSync(logFolder);
  const cluster = startCluster(checks);
  if (values.record) await runRecord(cluster);
  else await runScenarios(cluster);
} catch (error) {
  checks.fail('the lab runs', error);
}
print(closingLine(checks.tally()));
// The daemons are still running and would keep this process: they end with the machine.
process.exit();

async function runRecord(cluster: Cluster): Promise<void> {
  await seeClusterReady(cluster);
  await runScenario(record, cluster);
}

async function runScenarios(cluster: Cluster): Promise<void> {
  const lab = await startMonitoring(cluster);
  await seeClusterReady(cluster);
  await seeMonitoringReady(lab);
  const chosen = [...scenarios, ...longScenarios].filter(({ name }) => positionals.includes(name));
  for (const scenario of chosen) await runScenario(scenario, lab);
}

async function runScenario<Needs extends Cluster>({ name, shows, run }: Scenario<Needs>, lab: Needs): Promise<void> {
  print(`\n${name}: ${shows}`);
  const startedAt = performance.now();
  await run(lab).catch((error: unknown) => checks.fail(`scenario ${name} runs to its end`, error));
  print(`${name} took ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
