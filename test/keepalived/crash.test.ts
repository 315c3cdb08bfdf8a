import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepalived } from '../../src/collectors/keepalived/keepalived.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { createKeepalivedReader, type KeepalivedReader } from '../../src/keepalived/reader.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { createHost } from '../machine.ts';
import { createWire, type Director, neededByDirectors, startKeepalived, type Wire } from './directors.ts';

const run = promisify(execFile);
const patient = { timeout: 30_000 };

const configuration = `vrrp_instance VI_1 {
  interface eth0
  version 3
  advert_int 0.2
  virtual_router_id 11
  virtual_ipaddress {
    10.9.0.11/32
  }
}
`;

let wire: Wire;
let director: Director;
let reader: KeepalivedReader;

/** Signals that kill the VRRP process, as a fault in it does. */
let killing: NodeJS.Timeout | undefined;

function createReader(): KeepalivedReader {
  return createKeepalivedReader({ procfs: '/proc', networkNamespace: director.namespace });
}

async function collect(): Promise<readonly Sample[]> {
  await reader.requestDumps().catch(() => undefined);
  return await keepalived.collect(createHost({ keepalived: await reader.keepalived() }));
}

function valuesOf(samples: readonly Sample[], name: string, state?: string): number[] {
  const own = samples.filter(({ metric, labels }) => metric.name === name && labels.state === state);
  return own.map(({ value }) => value);
}

async function observe() {
  const samples = await collect();
  return {
    up: valuesOf(samples, 'keepalived_process_up'),
    master: valuesOf(samples, 'keepalived_vrrp_state', 'master'),
    daemons: new Set(samples.map(({ labels }) => labels.daemon)),
    parent: valuesOf(samples, 'keepalived_up'),
  };
}

/** Kills the VRRP process each 0.3 s, for half a minute at most. */
function crashAgainAndAgain(): void {
  const { pid } = director;
  let rounds = 100;
  killing = setInterval(() => {
    const children = `/proc/${pid}/task/${pid}/children`;
    const pids = existsSync(children) ? readFileSync(children, 'utf8').split(' ').filter(Boolean) : [];
    for (const child of pids) process.kill(Number(child), 'SIGSEGV');
    if (--rounds === 0) clearInterval(killing);
  }, 300);
}

describe('keepalived.collect() of a real keepalived', neededByDirectors, () => {
  beforeEach(async () => {
    wire = createWire();
    director = startKeepalived(wire.names[0], join(wire.folder, 'only'), configuration, 'export TMPDIR="$PWD"', '');
    reader = createReader();
    await expect.poll(() => director.log(), patient).toContain('Entering MASTER STATE');
    await expect.poll(observe, patient).toMatchObject({ up: [1], master: [1] });
  });

  afterEach(async () => {
    clearInterval(killing);
    await director.end('SIGKILL');
    wire.remove();
  });

  it('a VRRP process that dies again and again is away, its instance in no state, and a finding', async () => {
    crashAgainAndAgain();
    await expect.poll(() => director.log().match(/died: Respawning/g)?.length ?? 0, patient).toBeGreaterThan(3);
    await expect.poll(observe, patient).toMatchObject({ up: [0], master: [0], parent: [1] });
    const findings = diagnose(await collect());
    expect(findings.map(({ id }) => id)).toEqual(['keepalived-process-down']);
    clearInterval(killing);
    // keepalived waits before it starts the process again.
    await expect.poll(observe, { timeout: 60_000 }).toMatchObject({ up: [1], master: [1] });
    expect(valuesOf(await collect(), 'keepalived_process_restarts_total')[0]).toBeGreaterThan(0);
  }, 120_000);

  it('a VRRP process that is away when the exporter starts is missed as well', async () => {
    crashAgainAndAgain();
    await expect.poll(() => director.log(), patient).toContain('delayed 4 seconds');
    reader = createReader();
    await expect.poll(observe, patient).toMatchObject({ up: [0], master: [0], parent: [1] });
  }, 120_000);

  it('no short-lived keepalived beside it becomes one, nor changes a label', async () => {
    const { folder } = director;
    const words = [['-t', '-f', join(folder, 'keepalived.conf')], ['--signum=JSON'], ['-v'], ['--help']];
    let isOver = false;
    const beside = (async () => {
      while (!isOver) {
        await Promise.all(
          words.map((more) =>
            run('ip', ['netns', 'exec', wire.names[0], 'keepalived', ...more]).catch(() => undefined),
          ),
        );
      }
    })();
    const seen = [];
    for (let scrape = 0; scrape < 40; scrape++) {
      const { up, daemons, parent } = await observe();
      seen.push({ up, daemons, parent });
      await setTimeout(50);
    }
    isOver = true;
    await beside;
    expect([...new Set(seen.map((one) => JSON.stringify({ ...one, daemons: [...one.daemons] })))]).toEqual([
      JSON.stringify({ up: [1], daemons: [null], parent: [1] }),
    ]);
  }, 120_000);
});
