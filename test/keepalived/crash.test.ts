import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepalived } from '../../src/collectors/keepalived/keepalived.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { KeepalivedReader } from '../../src/host/host.ts';
import { createKeepalivedReader } from '../../src/keepalived/reader.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { createHost } from '../machine.ts';
import { createWire, type Director, neededByDirectors, startKeepalived, type Wire } from './directors.ts';

const run = promisify(execFile);
/** Each is the neighbour of the other for BFD. */
function configure(own: number, other: number): string {
  return `bfd_instance neighbour {
  neighbor_ip 10.9.0.${other}
  source_ip 10.9.0.${own}
}
vrrp_instance VI_1 {
  interface eth0
  version 3
  advert_int 0.2
  virtual_router_id 11
  priority ${110 - own}
  virtual_ipaddress {
    10.9.0.11/32
  }
}
`;
}

interface Watched {
  readonly director: Director;
  reader: KeepalivedReader;
}

let wire: Wire;
let both: Watched[];

/** Signals that kill the processes of both, as a fault in them does. */
let killing: NodeJS.Timeout | undefined;

function watch(director: Director): Watched {
  return {
    director,
    reader: createKeepalivedReader({ procfs: '/proc', networkNamespace: director.namespace }),
  };
}

async function collect({ reader }: Watched): Promise<readonly Sample[]> {
  await reader.requestDumps().catch(() => undefined);
  return await keepalived.collect(createHost({ keepalived: await reader.keepalived() }));
}

function valuesOf(samples: readonly Sample[], name: string, state?: string): number[] {
  const own = samples.filter(({ metric, labels }) => metric.name === name && labels.state === state);
  return own.map(({ value }) => value);
}

async function observe(one: Watched) {
  const samples = await collect(one);
  return {
    up: valuesOf(samples, 'keepalived_process_up'),
    master: valuesOf(samples, 'keepalived_vrrp_state', 'master'),
    backup: valuesOf(samples, 'keepalived_vrrp_state', 'backup'),
    daemons: [...new Set(samples.map(({ labels }) => labels.daemon))],
    parent: valuesOf(samples, 'keepalived_up'),
  };
}

const observeBoth = () => Promise.all(both.map(observe));

const healthy = { up: [1, 1], daemons: [undefined], parent: [1] };
const away = { up: [0, 0], master: [0], backup: [0], daemons: [undefined], parent: [1] };

/** Kills all processes but the parents each 0.3 s, for half a minute at most. */
function crashAgainAndAgain(): void {
  let rounds = 100;
  killing = setInterval(() => {
    for (const { director } of both) {
      for (const child of listChildren(director.pid)) process.kill(child, 'SIGSEGV');
    }
    if (--rounds === 0) clearInterval(killing);
  }, 300);
}

function listChildren(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  const pids = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : [];
  return pids.filter(Boolean).map(Number);
}

const countDeaths = ({ director }: Watched) => director.log().match(/died: Respawning/g)?.length ?? 0;

describe('keepalived.collect() of two real directors', neededByDirectors, () => {
  beforeEach(async () => {
    wire = createWire();
    both = wire.names.map((name, index) =>
      watch(
        startKeepalived(
          name,
          join(wire.folder, `${index}`),
          configure(index + 1, 2 - index),
          'export TMPDIR="$PWD"',
          '',
        ),
      ),
    );
    await expect.poll(observeBoth).toMatchObject([
      { ...healthy, master: [1], backup: [0] },
      { ...healthy, master: [0], backup: [1] },
    ]);
  });

  afterEach(async () => {
    clearInterval(killing);
    await Promise.all(both.map(({ director }) => director.end('SIGKILL')));
    wire.remove();
  });

  it('whose processes die again and again: all are away, no instance is in a state, and each is a finding', async () => {
    crashAgainAndAgain();
    await expect.poll(() => Math.min(...both.map(countDeaths))).toBeGreaterThan(3);
    // A process that was just started again is there for 0.3 s.
    await expect.poll(observeBoth).toMatchObject([away, away]);
    for (const one of both) {
      expect(diagnose(await collect(one)).map(({ id }) => id)).toContain('keepalived-process-down');
    }
    both = both.map(({ director }) => watch(director));
    await expect.poll(observeBoth).toMatchObject([away, away]);
  });

  it('of which the processes of one died: it is well again when they run', async () => {
    const [first] = both as [Watched];
    for (const child of listChildren(first.director.pid)) process.kill(child, 'SIGSEGV');
    await expect.poll(() => countDeaths(first)).toBe(2);
    await expect.poll(observeBoth).toMatchObject([
      { ...healthy, master: [1], backup: [0] },
      { ...healthy, master: [0], backup: [1] },
    ]);
    expect(valuesOf(await collect(first), 'keepalived_process_restarts_total')).toEqual([1, 1]);
  });

  it('no short-lived keepalived beside one becomes a second one, nor changes a label', async () => {
    const { folder } = both[0]?.director ?? { folder: '' };
    const words = [['-t', '-f', join(folder, 'keepalived.conf')], ['--signum=JSON'], ['-v'], ['--help']];
    let isOver = false;
    const beside = (async () => {
      for (let round = 0; !isOver; round++) {
        const more = words[round % words.length] ?? [];
        await run('ip', ['netns', 'exec', wire.names[0], 'keepalived', ...more]).catch(() => undefined);
      }
    })();
    for (let scrape = 0; scrape < 8; scrape++) expect(await observeBoth()).toMatchObject([healthy, healthy]);
    isOver = true;
    await beside;
  });
});
