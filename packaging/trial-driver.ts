import { execFileSync } from 'node:child_process';
import { createChecks } from '../lab/checks.ts';
import { formatResult } from '../lab/results.ts';
import { remove, upgrade } from './trial-life.ts';
import { prepareMachine } from './trial-machine.ts';
import { confine } from './trial-unit.ts';

// Runs as root under systemd inside User Mode Linux: tries the package and reports the results.

const checks = createChecks((line) => process.stdout.write(`${line}\n`));
try {
  prepareMachine();
  execFileSync('dpkg', ['--install', '/mnt/first.deb'], { stdio: 'ignore' });
  await confine(checks.see);
  await upgrade(checks.see);
  await remove(checks.see);
} catch (error) {
  checks.fail('the trial runs', error);
}
process.stdout.write(`${formatResult({ name: 'trial', ...checks.takeTally() })}\n`);
