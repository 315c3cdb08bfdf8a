import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { See } from '../lab/checks.ts';
import { ask, notifyFifo, run } from './trial-machine.ts';

const unit = 'lvs-exporter.service';
const additions = '/etc/systemd/system/lvs-exporter.service.d';
export const options = '/etc/default/lvs-exporter';

export async function scrape(port = 10_044): Promise<string> {
  const signal = AbortSignal.timeout(30_000);
  const ready = await fetch(`http://127.0.0.1:${port}/-/ready`, { signal });
  if (ready.status !== 200) throw new Error('Not ready yet');
  return await (await fetch(`http://127.0.0.1:${port}/metrics`, { signal })).text();
}

/** Collectors that failed. */
function listFailed(metrics: string): string[] {
  const failed = metrics.matchAll(/^lvs_exporter_collector_success\{collector="(.*)"\} 0$/gm);
  return [...failed].map(([, name = '']) => name).sort();
}

export function isActive(): string {
  return ask('systemctl', 'is-active', unit);
}

/** The unit as it is installed, then with each addition to it. */
export async function confine(see: See): Promise<void> {
  const everything = await withoutSandbox(see);
  await see(
    'the service runs after its installation',
    async () => isActive(),
    (state) => state === 'active',
  );
  await see(
    'its user, capabilities, no_new_privs and filter',
    async () => describeProcess(),
    (state) => /^Uid:\t(?!0)\d+.*CapEff:\t0{12}1000\nNoNewPrivs:\t1\nSeccomp:\t2/s.test(state),
  );
  await see(
    'it may not write',
    async () => tryToWrite(),
    (answer) => answer.includes('Read-only file system'),
  );
  await see(
    'what systemd reports about it',
    async () => readExposure(),
    (exposure) => exposure <= 1.5,
  );
  await seeCollectors(see, 'as installed', everything, {
    failed: ['keepalived', 'keepalived-checkers', 'keepalived-dumps'],
    without: /^keepalived_/,
  });
  await seeKeepalived(see, everything);
  add('unprivileged');
  await see(
    'it has no capability',
    async () => describeProcess(),
    (state) => /CapEff:\t0{16}\n/.test(state),
  );
  await seeCollectors(see, 'with unprivileged.conf', everything, {
    failed: [],
    without: /^(keepalived_|conntrack_(?!entries|limit)|ipvs_)/,
  });
  writeFileSync(options, 'ARGS="--collector.conntrack.netns=other"\n');
  add('namespaces');
  await see(
    'with namespaces.conf: another network namespace',
    async () => /^conntrack_entries\{netns="other"\} .*$/m.exec(await scrape())?.[0] ?? 'Absent',
    (line) => line.endsWith(' 0'),
  );
  rmSync(additions, { recursive: true });
  run('systemctl', 'daemon-reload');
}

/** With the addition for keepalived, and with each of its capabilities taken away. */
async function seeKeepalived(see: See, everything: ReadonlySet<string>): Promise<void> {
  writeFileSync(options, `ARGS="--collector.keepalived.notify-fifo=${notifyFifo}"\n`);
  add('keepalived');
  await seeCollectors(see, 'with keepalived.conf', everything, { failed: [], without: undefined });
  await see(
    'with keepalived.conf: it listens to the notify FIFO',
    async () => /^keepalived_notify_fifo_up .*$/m.exec(await scrape())?.[0] ?? 'Absent',
    (line) => line.endsWith(' 1'),
  );
  for (const capability of ['CAP_DAC_READ_SEARCH', 'CAP_KILL', 'CAP_SYS_PTRACE']) {
    add('keepalived', (text) => text.replaceAll(new RegExp(`^(\\w+=.*)${capability} ?`, 'gm'), '$1'));
    await see(
      `with keepalived.conf, less ${capability}: collectors that fail`,
      async () => listFailed(await scrape()),
      (failed) => failed.includes('keepalived-dumps'),
    );
  }
}

interface Expected {
  /** Collectors. */
  readonly failed: readonly string[];
  /** Metrics that are not there. */
  readonly without: RegExp | undefined;
}

async function seeCollectors(see: See, how: string, everything: ReadonlySet<string>, expected: Expected) {
  await see(
    `${how}: collectors that fail`,
    async () => listFailed(await scrape()),
    (failed) => failed.join() === expected.failed.join(),
    { withinSeconds: 60 },
  );
  await see(
    `${how}: what it lacks of what root has`,
    async () => {
      const there = listSeries(await scrape());
      return [...everything].filter((name) => !there.has(name));
    },
    (missing) => missing.every((name) => expected.without?.test(name)) && missing.length > 0 === !!expected.without,
    { withinSeconds: 60 },
  );
}

/** The series that the program has as root, without a sandbox. */
async function withoutSandbox(see: See): Promise<ReadonlySet<string>> {
  const child = spawn('/usr/bin/lvs-exporter', ['--web.listen-address=127.0.0.1:10045'], { stdio: 'ignore' });
  const seen = await see(
    'as root and without a sandbox',
    async () => {
      const metrics = await scrape(10_045);
      return { failed: listFailed(metrics), series: [...listSeries(metrics)] };
    },
    ({ failed, series }) => failed.length === 0 && series.some((one) => one.startsWith('keepalived_real_server_up')),
    { withinSeconds: 120 },
  );
  child.kill();
  await once(child, 'exit');
  return new Set(seen?.series);
}

/** The series about the machine, with their labels. Those of flows come and go, and the exporter's are its own. */
function listSeries(metrics: string): Set<string> {
  const series = metrics.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const names = series.map((line) => line.slice(0, line.lastIndexOf(' ')));
  return new Set(names.filter((name) => !/^(process|nodejs|lvs_exporter|conntrack_destination)_/.test(name)));
}

/** Puts an addition of the package in place of another one. */
function add(name: string, change = (text: string) => text): void {
  rmSync(additions, { recursive: true, force: true });
  mkdirSync(additions);
  const text = readFileSync(`/usr/share/lvs-exporter/systemd/${name}.conf`, 'utf8');
  writeFileSync(`${additions}/${name}.conf`, change(text));
  run('systemctl', 'daemon-reload');
  run('systemctl', 'restart', unit);
}

function findProcess(): string {
  return run('systemctl', 'show', '--property=MainPID', '--value', unit);
}

function describeProcess(): string {
  const status = readFileSync(`/proc/${findProcess()}/status`, 'utf8');
  return status.match(/^(Uid|CapEff|NoNewPrivs|Seccomp):.*\n/gm)?.join('') ?? '';
}

function tryToWrite(): string {
  const words = ['--target', findProcess(), '--mount', '--', 'sh', '-c', 'touch /etc/x /var/lib/x /usr/x 2>&1'];
  return ask('nsenter', ...words);
}

function readExposure(): number {
  const answer = run('systemd-analyze', 'security', '--no-pager', unit);
  return Number(/Overall exposure level.*: ([\d.]+)/.exec(answer)?.[1]);
}
