import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DumpKind, Keepalived, KeepalivedReader } from '../../src/host/host.ts';
import { removeSecrets } from '../../src/keepalived/dump/redact.ts';
import { systemError } from '../machine.ts';
import { readDump } from './fixtures.ts';
import { boot, createMachine, parent, vrrp } from './process/fake-proc.ts';

let machine: ReturnType<typeof createMachine>;
let reader: KeepalivedReader;

beforeEach(() => {
  machine = createMachine();
  reader = machine.createReader();
});

afterEach(() => machine.remove());

/** What is read of the only keepalived. */
async function read(): Promise<Keepalived> {
  const [only, ...others] = await reader.keepalived();
  if (!only || others.length > 0) throw new Error(`Expected one keepalived, got ${others.length + 1}`);
  return only;
}

async function ask(): Promise<Keepalived> {
  await reader.requestDumps();
  return await read();
}

const hangs = (pid: number) =>
  new Error(`Expected keepalived, process ${pid}, to take its last signal, which still waits`);

const usr1 = 10;
const usr2 = 12;
const json = 36;
const muslJson = 37;
const kinds: ReadonlyMap<number, DumpKind> = new Map([
  [usr1, 'data'],
  [usr2, 'stats'],
  [json, 'json'],
  [muslJson, 'json'],
]);

/** A keepalived that answers each signal, the first at 1000 s after the boot, the next a second later. */
function answer(): void {
  let seconds = boot + 1000;
  machine.onSignal = (signal) => machine.writeDump(kinds.get(signal) ?? 'json', seconds++);
}

/** The VRRP process, as it is at first. */
const processes = [{ process: 'vrrp', startSeconds: boot + 100, restarts: 0 }];

/** A recorded dump as it is given: without secrets. */
function dump(kind: DumpKind, modifiedSeconds: number, folder = '2.2.7/master') {
  return { text: removeSecrets(kind, readDump(folder, kind)), modifiedSeconds };
}

describe('createKeepalivedReader() of a keepalived that runs', () => {
  it('asks for the data, then for JSON, and gives both without their secrets', async () => {
    answer();
    expect(await ask()).toEqual({
      daemon: '',
      running: true,
      version: '2.2.7',
      processes,
      dumps: { data: dump('data', boot + 1000), json: dump('json', boot + 1001) },
    });
    expect(machine.signals).toEqual([
      [parent, usr1],
      [parent, json],
    ]);
  });

  it('takes the signal for JSON that is handled: with musl another one', async () => {
    const handled = [1, 10, 12, 15, 17, muslJson];
    machine.setProcess(parent, { handled });
    machine.setProcess(vrrp, { parentPid: parent, handled });
    answer();
    await ask();
    expect(machine.signals).toEqual([
      [parent, usr1],
      [parent, muslJson],
    ]);
  });

  it('asks for the statistics, then for the data, where keepalived has no JSON', async () => {
    const handled = [1, 10, 12, 15, 17];
    machine.setProcess(parent, { handled });
    machine.setProcess(vrrp, { parentPid: parent, handled });
    answer();
    expect(await ask()).toEqual({
      daemon: '',
      running: true,
      version: '2.2.7',
      processes,
      dumps: { stats: dump('stats', boot + 1000), data: dump('data', boot + 1001) },
    });
    expect(machine.signals).toEqual([
      [parent, usr2],
      [parent, usr1],
    ]);
  });

  it('sends no signal that the parent does not handle', async () => {
    machine.setProcess(parent, { handled: [1, 15] });
    machine.writeDump('json', boot + 900);
    expect((await ask()).dumps).toEqual({ json: dump('json', boot + 900) });
    expect(machine.signals).toEqual([]);
  });

  it.each([
    [[12, json], [json]],
    [
      [10, 12],
      [usr2, usr1],
    ],
  ])('sends no signal that the VRRP process does not handle: of %j, %j', async (handled, sent) => {
    machine.setProcess(vrrp, { parentPid: parent, handled });
    answer();
    await ask();
    expect(machine.signals.map(([, signal]) => signal)).toEqual(sent);
  });

  it('asks for the next dump when the one before is whole', async () => {
    const events: string[] = [];
    const text = readDump('2.2.7/master', 'data');
    machine.onSignal = (signal) => {
      events.push(`signal ${signal}`);
      if (signal === json) machine.writeDump('json', boot + 1002);
      else machine.writeDump('data', boot + 1000, text.slice(0, 4096));
    };
    machine.onSleep = () => {
      events.push('whole');
      machine.writeDump('data', boot + 1001, text);
    };
    await ask();
    expect(events).toEqual(['signal 10', 'whole', 'signal 36']);
  });

  it('sends no signal where it may not, and reads what is there', async () => {
    machine.writeDump('json', boot + 900);
    machine.writeDump('stats', boot + 800);
    expect((await read()).dumps).toEqual({
      json: dump('json', boot + 900),
      stats: dump('stats', boot + 800),
    });
    expect(machine.signals).toEqual([]);
  });

  it('fails when there is no answer within 3 s, and gives the old dumps with their old time', async () => {
    machine.writeDump('json', boot + 900);
    machine.writeDump('data', boot + 900);
    await expect(ask()).rejects.toEqual(
      new Error(`Expected keepalived, process ${parent}, to write its dumps, got no new data, no new json`),
    );
    expect(machine.time).toBe(3000);
    expect((await read()).dumps).toEqual({ json: dump('json', boot + 900), data: dump('data', boot + 900) });
    expect(machine.time).toBe(3000);
  });

  it.each([
    ['parent', parent, { parent: [usr1], vrrp: [] }],
    ['VRRP process', vrrp, { parent: [], vrrp: [json] }],
  ])('sends nothing while a signal waits for the %s, and reports for whom', async (_which, pid, pending) => {
    machine.setProcess(parent, { pending: pending.parent });
    machine.setProcess(vrrp, { parentPid: parent, pending: pending.vrrp });
    machine.writeDump('json', boot + 900);
    await expect(ask()).rejects.toEqual(hangs(pid));
    expect((await read()).dumps).toEqual({ json: dump('json', boot + 900) });
    expect(machine.signals).toEqual([]);
    expect(machine.time).toBe(0);
  });

  it('sends one signal to a keepalived that hangs, and the next when it goes on', async () => {
    machine.writeDump('json', boot + 900);
    machine.onSignal = (signal) => machine.setProcess(parent, { pending: [signal] });
    await expect(ask()).rejects.toEqual(hangs(parent));
    await expect(ask()).rejects.toEqual(hangs(parent));
    expect(machine.signals).toEqual([[parent, usr1]]);
    machine.setProcess(parent);
    answer();
    expect((await ask()).dumps).toEqual({ data: dump('data', boot + 1000), json: dump('json', boot + 1001) });
    expect(machine.signals).toEqual([
      [parent, usr1],
      [parent, usr1],
      [parent, json],
    ]);
  });

  it('asks for JSON although the data are written nowhere', async () => {
    machine.onSignal = (signal) => signal === json && machine.writeDump('json', boot + 1000);
    await expect(ask()).rejects.toEqual(
      new Error(`Expected keepalived, process ${parent}, to write its dumps, got no new data`),
    );
    expect((await read()).dumps).toEqual({ json: dump('json', boot + 1000) });
  });

  it('does not miss JSON of a keepalived that has no instances', async () => {
    const text = readDump('2.2.7/master', 'data').replaceAll(' VRRP Instance = ', ' VRRP Other = ');
    machine.onSignal = (signal) => signal === usr1 && machine.writeDump('data', boot + 1000, text);
    expect(Object.keys((await ask()).dumps)).toEqual(['data']);
  });

  it('waits for a dump that is being written', async () => {
    const text = readDump('2.2.7/master', 'json');
    machine.writeDump('json', boot + 900, text.slice(0, 2000));
    machine.onSleep = () => machine.writeDump('json', boot + 900, text);
    expect((await read()).dumps).toEqual({ json: dump('json', boot + 900) });
    expect(machine.time).toBe(20);
  });

  it.each(['json', 'data', 'stats'] as const)(
    'gives the last whole dump, %s, when the new one is not',
    async (kind) => {
      machine.writeDump('data', boot + 900);
      machine.writeDump(kind, boot + 900);
      await read();
      machine.writeDump(kind, boot + 901, readDump('2.2.7/backup', kind).slice(0, 1200));
      expect((await read()).dumps[kind]).toEqual(dump(kind, boot + 900));
      expect(machine.time).toBe(0);
    },
  );

  it('fails when the only dump never becomes whole', async () => {
    machine.writeDump('json', boot + 900, '[{"data":');
    await expect(read()).rejects.toEqual(
      new Error(
        `Expected ${machine.procfs}/${vrrp}/root/tmp/keepalived.json to be a whole dump, got: Cannot parse line 1: expected JSON, got a text that is cut off or malformed`,
      ),
    );
  });

  it('waits once for a writing that never becomes whole, and reports why each time', async () => {
    machine.writeDump('json', boot + 900, '[{"data":');
    for (let scrape = 0; scrape < 3; scrape++) await expect(read()).rejects.toThrow('expected JSON, got');
    expect(machine.time).toBe(3000);
    machine.writeDump('json', boot + 901, '[{"data":');
    await expect(read()).rejects.toThrow('expected JSON, got');
    expect(machine.time).toBe(6000);
  });

  it('does not wait in a scrape for what was waited for when it was asked, and reports what is wrong with the answer', async () => {
    machine.onSignal = (signal) => machine.writeDump(kinds.get(signal) ?? 'json', boot + 900, '[{"data":');
    for (let round = 1; round <= 2; round++) {
      await expect(ask()).rejects.toThrow(
        /keepalived\.json: Cannot parse line 1: expected JSON, got a text that is cut off/,
      );
      const { time } = machine;
      await expect(read()).rejects.toThrow('to be a whole dump');
      expect(machine.time).toBe(time);
    }
  });

  it('leaves out an incomplete dump if another one has the instances', async () => {
    machine.writeDump('json', boot + 900);
    machine.writeDump('stats', boot + 800, '');
    expect((await read()).dumps).toEqual({ json: dump('json', boot + 900) });
  });

  it('leaves out what an earlier VRRP process wrote', async () => {
    machine.writeDump('json', boot + 99);
    machine.writeDump('data', boot + 100);
    expect((await read()).dumps).toEqual({ data: dump('data', boot + 100) });
  });

  it('forgets what an earlier VRRP process wrote', async () => {
    machine.writeDump('json', boot + 900);
    await read();
    machine.setProcess(vrrp, { parentPid: parent, startTicks: 95_000 });
    expect(await read()).toMatchObject({ running: true, dumps: {} });
  });

  it('keeps the last whole dump when its file is removed', async () => {
    machine.writeDump('json', boot + 900);
    await read();
    rmSync(`${machine.procfs}/${vrrp}/root/tmp/keepalived.json`);
    expect((await read()).dumps).toEqual({ json: dump('json', boot + 900) });
  });

  it('reads in the directory that TMPDIR names', async () => {
    const directory = `${machine.procfs}/${vrrp}/root/var/keepalived`;
    mkdirSync(directory, { recursive: true });
    machine.setProcess(vrrp, {
      parentPid: parent,
      environment: 'PATH=/bin\0XTMPDIR=/x\0TMPDIR=/var/keepalived\0A=b\0',
    });
    machine.writeDump('json', boot + 900, readDump('2.2.7/backup', 'json'));
    machine.writeDump('json', boot + 800, readDump('2.2.7/master', 'json'), directory);
    expect((await read()).dumps).toEqual({ json: dump('json', boot + 800) });
  });

  it.each(['TMPDIR=/missing\0', 'TMPDIR=relative\0', 'TMPDIR=\0', ''])(
    'reads in /tmp with the environment %j',
    async (environment) => {
      machine.setProcess(vrrp, { parentPid: parent, environment });
      machine.writeDump('json', boot + 900);
      expect((await read()).dumps).toEqual({ json: dump('json', boot + 900) });
    },
  );

  it('gives no dumps where no process runs VRRP', async () => {
    machine.writeDump('json', boot + 900);
    machine.setProcess(vrrp, { parentPid: parent, handled: [1, 15] });
    expect(await ask()).toEqual({ daemon: '', running: true, version: '2.2.7', processes: [], dumps: {} });
    expect(machine.signals).toEqual([]);
  });

  it('takes no other program for keepalived that has its name and its signals', async () => {
    writeFileSync(`${machine.procfs}/${parent}/exe`, 'ELF');
    await expect(read()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lets calls that overlap share one run', async () => {
    answer();
    await Promise.all([reader.requestDumps(), reader.requestDumps()]);
    expect(machine.signals).toHaveLength(2);
    const [one, other] = await Promise.all([reader.keepalived(), reader.keepalived()]);
    expect(one).toBe(other);
  });

  it('does not signal another process that got the pid', async () => {
    machine.onSignal = () => machine.setProcess(parent, { name: 'nginx', startTicks: 95_000 });
    await reader.requestDumps();
    expect(machine.signals).toEqual([[parent, usr1]]);
  });

  it('does not fail when keepalived ends before it is signalled', async () => {
    machine.writeDump('json', boot + 900);
    machine.onSignal = () => {
      throw systemError('ESRCH', 'no such process');
    };
    expect((await ask()).dumps).toEqual({ json: dump('json', boot + 900) });
  });

  it.each([
    ['a symbolic link', (path: string) => symlinkSync('/etc/passwd', path)],
    ['a directory', (path: string) => mkdirSync(path)],
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
  ])('leaves out %s that stands for a dump, and reports it when keepalived cannot write it', async (kind, plant) => {
    const path = `${machine.procfs}/${vrrp}/root/tmp/keepalived.json`;
    plant(path);
    machine.writeDump('data', boot + 900);
    expect((await read()).dumps).toEqual({ data: dump('data', boot + 900) });
    machine.onSignal = (signal) => signal === usr1 && machine.writeDump('data', boot + 1000);
    await expect(ask()).rejects.toThrow(`got ${path}: Expected ${path} to be a regular file, got ${kind}`);
    expect((await read()).dumps).toEqual({ data: dump('data', boot + 1000) });
  });
});

describe('createKeepalivedReader() among other processes', () => {
  it('leaves the keepalived of another network namespace alone', async () => {
    answer();
    machine.setProcess(200, { namespace: machine.otherNamespace });
    machine.setProcess(201, { parentPid: 200, namespace: machine.otherNamespace });
    await ask();
    expect(machine.signals.map(([pid]) => pid)).toEqual([parent, parent]);
  });

  it('recognizes the VRRP process by its signals, not by its name', async () => {
    machine.setProcess(99, { parentPid: parent, name: 'keepalived_chk', handled: [1, 15] });
    machine.setProcess(vrrp, { parentPid: parent, name: 'keepalived_vrrp' });
    answer();
    expect((await ask()).dumps).toEqual({
      data: dump('data', boot + 1000),
      json: dump('json', boot + 1001),
    });
  });
});
