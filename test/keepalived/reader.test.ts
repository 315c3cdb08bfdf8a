import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DumpKind } from '../../src/host.ts';
import { removeSecrets } from '../../src/keepalived/secrets.ts';
import { systemError } from '../machine.ts';
import { boot, createMachine, parent, vrrp } from './fake-proc.ts';
import { readDump } from './fixtures.ts';

let machine: ReturnType<typeof createMachine>;

beforeEach(() => {
  machine = createMachine();
});

afterEach(() => machine.remove());

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

/** A recorded dump as it is given: without secrets. */
function dump(kind: DumpKind, modifiedSeconds: number, folder = '2.2.7/master') {
  return { text: removeSecrets(kind, readDump(folder, kind)), modifiedSeconds };
}

describe('createKeepalivedReader() of a keepalived that runs', () => {
  it('asks for the data, then for JSON, and gives both without their secrets', async () => {
    answer();
    expect(await machine.createReader()()).toEqual({
      running: true,
      version: '2.2.7',
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
    await machine.createReader()();
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
    expect(await machine.createReader()()).toEqual({
      running: true,
      version: '2.2.7',
      dumps: { stats: dump('stats', boot + 1000), data: dump('data', boot + 1001) },
    });
    expect(machine.signals).toEqual([
      [parent, usr2],
      [parent, usr1],
    ]);
  });

  it('sends no signal that the parent does not handle', async () => {
    machine.setProcess(parent, { handled: [15] });
    machine.writeDump('json', boot + 900);
    expect((await machine.createReader()()).dumps).toEqual({ json: dump('json', boot + 900) });
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
    await machine.createReader()();
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
    await machine.createReader()();
    expect(events).toEqual(['signal 10', 'whole', 'signal 36']);
  });

  it('sends no signal where it may not, and reads what is there', async () => {
    machine.writeDump('json', boot + 900);
    machine.writeDump('stats', boot + 800);
    expect((await machine.createReader(false)()).dumps).toEqual({
      json: dump('json', boot + 900),
      stats: dump('stats', boot + 800),
    });
    expect(machine.signals).toEqual([]);
  });

  it('gives the old dumps with their old time when there is no answer within 3 s', async () => {
    machine.writeDump('json', boot + 900);
    machine.writeDump('data', boot + 900);
    expect((await machine.createReader()()).dumps).toEqual({
      json: dump('json', boot + 900),
      data: dump('data', boot + 900),
    });
    expect(machine.time).toBe(3000);
  });

  it.each([
    ['parent', { parent: [usr1], vrrp: [] }],
    ['VRRP process', { parent: [], vrrp: [json] }],
  ])('sends nothing while a signal waits for the %s', async (_which, pending) => {
    machine.setProcess(parent, { pending: pending.parent });
    machine.setProcess(vrrp, { parentPid: parent, pending: pending.vrrp });
    machine.writeDump('json', boot + 900);
    expect((await machine.createReader()()).dumps).toEqual({ json: dump('json', boot + 900) });
    expect(machine.signals).toEqual([]);
    expect(machine.time).toBe(0);
  });

  it('sends one signal to a keepalived that hangs, and the next when it goes on', async () => {
    machine.writeDump('json', boot + 900);
    machine.onSignal = (signal) => machine.setProcess(parent, { pending: [signal] });
    const read = machine.createReader();
    await read();
    await read();
    expect(machine.signals).toEqual([[parent, usr1]]);
    machine.setProcess(parent);
    answer();
    expect((await read()).dumps).toEqual({ data: dump('data', boot + 1000), json: dump('json', boot + 1001) });
    expect(machine.signals).toEqual([
      [parent, usr1],
      [parent, usr1],
      [parent, json],
    ]);
  });

  it('asks for JSON although the data are written elsewhere', async () => {
    machine.onSignal = (signal) => signal === json && machine.writeDump('json', boot + 1000);
    expect((await machine.createReader()()).dumps).toEqual({ json: dump('json', boot + 1000) });
  });

  it('waits for a dump that is being written', async () => {
    const text = readDump('2.2.7/master', 'json');
    machine.writeDump('json', boot + 900, text.slice(0, 2000));
    machine.onSleep = () => machine.writeDump('json', boot + 900, text);
    expect((await machine.createReader(false)()).dumps).toEqual({ json: dump('json', boot + 900) });
    expect(machine.time).toBe(20);
  });

  it.each(['json', 'data', 'stats'] as const)(
    'gives the last whole dump, %s, when the new one is not',
    async (kind) => {
      const read = machine.createReader(false);
      machine.writeDump('data', boot + 900);
      machine.writeDump(kind, boot + 900);
      await read();
      machine.writeDump(kind, boot + 901, readDump('2.2.7/backup', kind).slice(0, 1200));
      expect((await read()).dumps[kind]).toEqual(dump(kind, boot + 900));
      expect(machine.time).toBe(3000);
    },
  );

  it('fails when the only dump never becomes whole', async () => {
    machine.writeDump('json', boot + 900, '[{"data":');
    await expect(machine.createReader(false)()).rejects.toEqual(
      new Error(
        `Expected ${machine.procfs}/${vrrp}/root/tmp/keepalived.json to be a whole dump, got: Cannot parse line 1: expected JSON, got a text that is cut off or malformed`,
      ),
    );
  });

  it('leaves out a dump that is not whole where another one tells of the instances', async () => {
    machine.writeDump('json', boot + 900);
    machine.writeDump('stats', boot + 800, '');
    expect((await machine.createReader(false)()).dumps).toEqual({ json: dump('json', boot + 900) });
  });

  it('leaves out what an earlier VRRP process wrote', async () => {
    machine.writeDump('json', boot + 99);
    machine.writeDump('data', boot + 100);
    expect((await machine.createReader(false)()).dumps).toEqual({ data: dump('data', boot + 100) });
  });

  it('forgets what an earlier VRRP process wrote', async () => {
    const read = machine.createReader(false);
    machine.writeDump('json', boot + 900);
    await read();
    machine.setProcess(vrrp, { parentPid: parent, startTicks: 95_000 });
    expect(await read()).toEqual({ running: true, version: '2.2.7', dumps: {} });
  });

  it('keeps the last whole dump when its file is removed', async () => {
    const read = machine.createReader(false);
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
    expect((await machine.createReader(false)()).dumps).toEqual({ json: dump('json', boot + 800) });
  });

  it.each(['TMPDIR=/missing\0', 'TMPDIR=relative\0', 'TMPDIR=\0', ''])(
    'reads in /tmp with the environment %j',
    async (environment) => {
      machine.setProcess(vrrp, { parentPid: parent, environment });
      machine.writeDump('json', boot + 900);
      expect((await machine.createReader(false)()).dumps).toEqual({ json: dump('json', boot + 900) });
    },
  );

  it('gives no dumps where no process speaks VRRP', async () => {
    machine.writeDump('json', boot + 900);
    machine.setProcess(vrrp, { parentPid: parent, handled: [1, 10, 15] });
    expect(await machine.createReader()()).toEqual({ running: true, version: '2.2.7', dumps: {} });
    expect(machine.signals).toEqual([]);
  });

  it('gives no version where the binary does not tell it', async () => {
    writeFileSync(`${machine.procfs}/${parent}/exe`, 'ELF');
    expect(await machine.createReader(false)()).toEqual({ running: true, dumps: {} });
  });

  it('lets calls that overlap share one reading', async () => {
    answer();
    const read = machine.createReader();
    const [one, other] = await Promise.all([read(), read()]);
    expect(one).toBe(other);
    expect(machine.signals).toHaveLength(2);
  });

  it('does not signal another process that got the pid', async () => {
    machine.onSignal = () => machine.setProcess(parent, { name: 'nginx', startTicks: 95_000 });
    await machine.createReader()();
    expect(machine.signals).toEqual([[parent, usr1]]);
  });

  it('does not fail when keepalived ends before it is signalled', async () => {
    machine.writeDump('json', boot + 900);
    machine.onSignal = () => {
      throw systemError('ESRCH', 'no such process');
    };
    expect((await machine.createReader()()).dumps).toEqual({ json: dump('json', boot + 900) });
  });

  it('does not follow a link that stands for a dump', async () => {
    symlinkSync('/etc/passwd', `${machine.procfs}/${vrrp}/root/tmp/keepalived.json`);
    await expect(machine.createReader(false)()).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('fails when something else stands for a dump', async () => {
    const path = `${machine.procfs}/${vrrp}/root/tmp/keepalived.json`;
    mkdirSync(path);
    await expect(machine.createReader(false)()).rejects.toEqual(new Error(`Expected ${path} to be a file`));
  });
});

describe('createKeepalivedReader() among other processes', () => {
  it('leaves the keepalived of another network namespace alone', async () => {
    answer();
    machine.setProcess(200, { namespace: machine.otherNamespace });
    machine.setProcess(201, { parentPid: 200, namespace: machine.otherNamespace });
    await machine.createReader()();
    expect(machine.signals.map(([pid]) => pid)).toEqual([parent, parent]);
  });

  it('fails when two keepalived run in the same network namespace', async () => {
    machine.setProcess(200);
    await expect(machine.createReader()()).rejects.toEqual(
      new Error('Expected one keepalived in this network namespace, got processes 100, 200'),
    );
  });

  it('knows the VRRP process by its signals, not by its name', async () => {
    machine.setProcess(99, { parentPid: parent, name: 'keepalived_chk', handled: [1, 10, 15] });
    machine.setProcess(vrrp, { parentPid: parent, name: 'keepalived_vrrp' });
    answer();
    expect((await machine.createReader()()).dumps).toEqual({
      data: dump('data', boot + 1000),
      json: dump('json', boot + 1001),
    });
  });
});

describe('createKeepalivedReader() of a keepalived that does not run', () => {
  beforeEach(() => {
    machine.endProcess(parent);
  });

  it('gives the last dumps it read', async () => {
    machine.setProcess(parent);
    machine.writeDump('json', boot + 900);
    const read = machine.createReader(false);
    await read();
    machine.endProcess(parent);
    machine.endProcess(vrrp);
    expect(await read()).toEqual({ running: false, dumps: { json: dump('json', boot + 900) } });
  });

  it('gives the last dumps of the one before, when the last one wrote none', async () => {
    machine.setProcess(parent);
    machine.writeDump('json', boot + 900);
    const read = machine.createReader(false);
    await read();
    machine.setProcess(vrrp, { parentPid: parent, startTicks: 95_000 });
    await read();
    machine.endProcess(parent);
    machine.endProcess(vrrp);
    expect(await read()).toEqual({ running: false, dumps: { json: dump('json', boot + 900) } });
  });

  it('gives those that it finds, if they are whole', async () => {
    machine.endProcess(vrrp);
    machine.writeDump('data', boot + 900, undefined, machine.lastDumpsDirectory);
    machine.writeDump('json', boot + 901, '[{', machine.lastDumpsDirectory);
    expect(await machine.createReader()()).toEqual({ running: false, dumps: { data: dump('data', boot + 900) } });
  });

  it('is known to be there by a dump that is not whole', async () => {
    machine.endProcess(vrrp);
    machine.writeDump('json', boot + 901, '[{', machine.lastDumpsDirectory);
    expect(await machine.createReader()()).toEqual({ running: false, dumps: {} });
  });

  it('fails as absent when there is no dump either', async () => {
    machine.endProcess(vrrp);
    const problem = `ENOENT: no keepalived in this network namespace, no dump of one in ${machine.lastDumpsDirectory}`;
    await expect(machine.createReader()()).rejects.toEqual(Object.assign(new Error(problem), { code: 'ENOENT' }));
  });
});

describe('createKeepalivedReader() without the right', () => {
  it('to signal, fails with the cure', async () => {
    const cause = systemError('EPERM', 'operation not permitted');
    machine.onSignal = () => {
      throw cause;
    };
    await expect(machine.createReader()()).rejects.toEqual(
      new Error(
        'Cannot signal keepalived, process 100: run as root or with CAP_KILL, or with --no-collector.keepalived.request-dumps',
        { cause },
      ),
    );
  });

  it('to read the dumps, fails with the cure', async () => {
    const path = join(machine.procfs, `${vrrp}/root/tmp/keepalived.json`);
    machine.writeDump('json', boot + 900);
    rmSync(path);
    writeFileSync(path, '[]', { mode: 0 });
    await expect(asNobody(machine.createReader(false))).rejects.toMatchObject({
      message: `Cannot read ${path}, which belongs to keepalived: run as root or with CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE`,
      cause: { code: 'EACCES', syscall: 'open' },
    });
  });
});

/** Runs without privileges: as the user nobody, where the tests run as root. */
async function asNobody<T>(run: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
