import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { geteuid } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeepalivedReader } from '../../../src/host/host.ts';
import { createKeepalivedReader } from '../../../src/keepalived/reader.ts';
import { parseKeepalivedJson } from '../../../src/parsers/keepalived/json.ts';
import {
  createWire,
  type Director,
  neededByDirectors,
  startKeepalived,
  type Wire,
} from '../../keepalived/directors.ts';
import { createMachine, parent, vrrp } from '../../keepalived/process/fake-proc.ts';

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
let strangers: ChildProcess[];
/** Where a stranger may write. */
let home: string;

/** As a program of the user `nobody` beside keepalived. */
function runAsStranger(program: string, ...words: readonly string[]): ChildProcess {
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const child = spawn('ip', ['netns', 'exec', wire.names[0], ...asNobody, program, ...words], {
    cwd: home,
    stdio: 'ignore',
  });
  strangers.push(child);
  return child;
}

/** A program that is called keepalived. */
function makeProgram(original: string, mode = 0o755): string {
  const program = join(home, 'keepalived');
  copyFileSync(original, program);
  chmodSync(program, mode);
  return program;
}

async function observe() {
  await reader.requestDumps();
  return (await reader.keepalived()).map(({ daemon, running, dumps, processes }) => ({
    daemon,
    running,
    states: parseKeepalivedJson(dumps.json?.text ?? '[]').instances.map(({ name, state }) => `${name} ${state}`),
    processes: processes?.map(({ process, restarts }) => `${process} ${restarts}`),
  }));
}

const onlyTheRealOne = [{ daemon: '', running: true, states: ['VI_1 master'], processes: ['vrrp 0'] }];

describe('a stranger beside a real keepalived', neededByDirectors, () => {
  beforeEach(async () => {
    strangers = [];
    wire = createWire();
    chmodSync(wire.folder, 0o755);
    home = join(wire.folder, 'home');
    mkdirSync(home);
    chmodSync(home, 0o777);
    director = startKeepalived(wire.names[0], join(wire.folder, 'only'), configuration, 'export TMPDIR="$PWD"');
    reader = createKeepalivedReader({ procfs: '/proc', networkNamespace: director.namespace });
    await expect.poll(() => observe().catch(() => [])).toEqual(onlyTheRealOne);
  });

  afterEach(async () => {
    for (const stranger of strangers) {
      if (stranger.exitCode !== null || stranger.signalCode !== null) continue;
      stranger.kill('SIGKILL');
      await once(stranger, 'exit');
    }
    await director.end('SIGKILL');
    wire.remove();
  });

  /** Searched again: what is found counts for 10 s. */
  async function expectNothingChanged(): Promise<void> {
    expect(await observe()).toEqual(onlyTheRealOne);
    reader = createKeepalivedReader({ procfs: '/proc', networkNamespace: director.namespace });
    expect(await observe()).toEqual(onlyTheRealOne);
  }

  it('that imitates keepalived with its name, its signals and a child gets no signal and invents no master', async () => {
    const program = makeProgram('/bin/sh');
    const trap = 'trap "echo taken > signalled" USR1 USR2 HUP; trap "exit" TERM';
    const child = `${program} -c '${trap}; while kill -0 $PPID; do sleep 1; done'`;
    runAsStranger(program, '-c', `${trap}; trap : CHLD; ${child} & touch ready; for n in $(seq 60); do sleep 1; done`);
    await expect.poll(() => existsSync(join(home, 'ready'))).toBe(true);
    await expectNothingChanged();
    expect(existsSync(join(home, 'signalled'))).toBe(false);
  });

  it.each([
    ['a FIFO', 'mkfifo fifo', 'fifo'],
    ['a device', 'true', '/dev/zero'],
    ['a link to itself', 'ln -s loop loop', 'loop'],
    ['a name of 255 characters', 'true', `/tmp/${'x'.repeat(255)}`],
  ])('whose configuration is %s hangs nothing', async (_what, prepare, file) => {
    const program = makeProgram('/bin/sh');
    const loop = `${prepare}; trap : USR1 USR2 HUP TERM; touch ready; for i in 1 2 3 4 5 6 7 8 9; do sleep 1; done`;
    runAsStranger(program, '-c', loop, '-f', file);
    await expect.poll(() => existsSync(join(home, 'ready'))).toBe(true);
    await expectNothingChanged();
  });

  it('whose program has a gigabyte is not read', async () => {
    const program = makeProgram('/bin/sleep');
    truncateSync(program, 1024 ** 3);
    runAsStranger(program, '20');
    await expectNothingChanged();
  });

  it('who starts a program of root called keepalived is no keepalived', async () => {
    runAsStranger(makeProgram('/bin/sleep', 0o4755), '20');
    await expectNothingChanged();
  });

  it('who starts one after the other leaves none behind', async () => {
    const program = makeProgram('/bin/sleep');
    for (let round = 0; round < 12; round++) {
      await Promise.all([1, 2, 3].map(() => once(runAsStranger(program, '0.1'), 'exit')));
      expect(await observe()).toEqual(onlyTheRealOne);
    }
    await expectNothingChanged();
  });
});

describe('without a keepalived, the collector does not fail and opens nothing of', () => {
  let machine: ReturnType<typeof createMachine>;

  beforeEach(() => {
    machine = createMachine();
    machine.endProcess(vrrp);
  });

  afterEach(() => machine.remove());

  async function expectNothingOpened(...names: readonly string[]): Promise<void> {
    // Whatever is opened of it fails.
    for (const name of names) {
      rmSync(join(machine.procfs, String(parent), name), { recursive: true });
      symlinkSync(name, join(machine.procfs, String(parent), name));
    }
    await expect(machine.createReader().keepalived()).rejects.toMatchObject({ code: 'ENOENT' });
  }

  it("a stranger's process", async () => {
    machine.setProcess(parent, { user: (geteuid?.() ?? 0) + 4711 });
    await expectNothingOpened('cmdline', 'environ', 'exe', 'ns', 'root');
  });

  it('a program of root that a stranger started, whose words and signals are theirs', async () => {
    machine.setProcess(parent, { realUser: (geteuid?.() ?? 0) + 4711 });
    await expectNothingOpened('cmdline', 'environ', 'exe', 'ns', 'root');
  });

  it("a container's process, which may be one of root", async () => {
    machine.setProcess(parent, { namespace: machine.otherNamespace });
    await expectNothingOpened('cmdline', 'environ', 'exe', 'root');
  });
});
