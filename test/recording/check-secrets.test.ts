import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepalivedDumps } from '../../src/collectors/keepalived/dumps.ts';
import { createKeepalivedCheckers } from '../../src/collectors/keepalived-checkers/keepalived-checkers.ts';
import type { Host } from '../../src/host/host.ts';
import { render } from '../../src/http/exposition.ts';
import { createLog } from '../../src/log/log.ts';
import { record } from '../../src/recording/record.ts';
import { openReplay } from '../../src/recording/replay-host.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { checkRecordings, plantedSecret, readCheckFixture } from '../keepalived/check-fixtures.ts';
import { boot, createMachine, parent, vrrp } from '../keepalived/process/fake-proc.ts';
import { createHost } from '../machine.ts';

const collectors = [keepalivedDumps, createKeepalivedCheckers({ maxSeries: 20_000, aggregate: false })];
const checker = 102;
const usr1 = 10;

let machine: ReturnType<typeof createMachine>;
let directory: string;

beforeEach(() => {
  machine = createMachine();
  machine.setProcess(checker, { parentPid: parent, handled: [1, 10, 15] });
  directory = mkdtempSync(join(tmpdir(), 'lvs-exporter-recording-'));
});

afterEach(() => {
  machine.remove();
  rmSync(directory, { recursive: true });
});

/** A machine whose keepalived writes this dump of its checkers when it is asked. */
function createDirector(folder: string, change = (text: string) => text): Host {
  const path = join(machine.procfs, String(vrrp), 'root', 'tmp', 'keepalived_check.data');
  const text = change(readCheckFixture(folder, 'keepalived_check.data'));
  let seconds = boot + 1000;
  machine.onSignal = (signal) => {
    seconds++;
    if (signal !== usr1) {
      machine.writeDump('json', seconds);
      return;
    }
    machine.writeDump('data', seconds);
    writeFileSync(path, text);
    utimesSync(path, seconds, seconds);
  };
  const files = { '/proc/net/ip_vs': readCheckFixture(folder, 'ip_vs') };
  return { ...createHost({ files }), ...machine.createReader() };
}

function readAll(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'utf8'));
}

async function scrape(host: Host): Promise<{ metrics: string; log: string }> {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', format: 'logfmt', write: (line) => lines.push(line) });
  const runner = createRunner({ collectors, host, log });
  await runner.run(keepalivedDumps);
  return { metrics: await render(await runner.collect(5000), 'text'), log: lines.join('') };
}

it.each(checkRecordings)(
  "nothing of the checkers' secrets is in metrics, the log or a recording: keepalived %s",
  async (folder) => {
    const host = createDirector(folder);
    const { metrics, log } = await scrape(host);
    expect(metrics).toMatch(/^keepalived_real_server_up\{/m);
    expect(metrics + log).not.toContain(plantedSecret);

    const recording = {
      directory,
      intervalSeconds: 1,
      durationSeconds: 1,
      version: '0',
      signal: new AbortController().signal,
    };
    const silent = createLog({ level: 'error', format: 'json', write: () => {} });
    await record({ ...recording, host, collectors, log: silent });
    const files = readAll(directory);
    expect(files.filter((text) => text.includes('VS VIP = 10.9.0.110'))).toHaveLength(1);
    expect(files.filter((text) => text.includes(plantedSecret))).toEqual([]);

    let seconds = 0;
    const replay = await openReplay(directory, { speed: 1, now: () => 1000 * seconds });
    seconds = 0.9;
    const replayed = await scrape(replay);
    const values = (text: string) =>
      text.split('\n').filter((line) => /^keepalived_(real|virtual|ipvs|sorry)/.test(line));
    expect(values(replayed.metrics)).toEqual(values(metrics));
    expect(values(metrics)).toContain('keepalived_ipvs_disagreements 0');
  },
);

it.each([
  [
    'a number',
    (text: string) => text.replace(/quorum_state_up = \d/, `quorum_state_up = x\n   script = ${plantedSecret}`),
  ],
  ['a line', (text: string) => text.replace(/ {3}quorum_state_up = 1\n/, `   script = ${plantedSecret}\n`)],
  ['a checker', (text: string) => text.replace('= TCP_CHECK', `= \n   Checked url = ${plantedSecret}`)],
])('nothing of the secrets is in metrics and the log when a dump is malformed in %s', async (_, damage) => {
  const { metrics, log } = await scrape(createDirector('2.4.3', damage));
  expect(metrics).toContain('keepalived_dump_skipped_lines{dump="check"} 1');
  expect(metrics).toContain('lvs_exporter_collector_success{collector="keepalived-checkers"} 1');
  expect(metrics + log).not.toContain(plantedSecret);
});
