import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Keepalived, KeepalivedReader } from '../../../src/host/host.ts';
import { boot, createMachine, parent, vrrp } from './fake-proc.ts';

let machine: ReturnType<typeof createMachine>;
let reader: KeepalivedReader;

beforeEach(() => {
  machine = createMachine();
  reader = machine.createReader();
});

afterEach(() => machine.remove());

const usr1 = 10;
const checker = 102;
const bfd = 103;
const otherSignals = [1, 2, usr1, 15, 17];

async function read(): Promise<Keepalived> {
  const [only, ...others] = await reader.keepalived();
  if (!only || others.length > 0) throw new Error(`Expected one keepalived, got ${others.length + 1}`);
  return only;
}

const write = (path: string, text: string) => {
  const file = join(machine.procfs, String(parent), 'root', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const configure = (text: string) => write('etc/keepalived/keepalived.conf', text);

/** It has read the configuration: it started after the file was written. */
const startedNow = { startTicks: Math.round((Date.now() / 1000 - boot + 100) * 100) };

const up = (process: string, restarts = 0) => ({ process, startSeconds: boot + 100, restarts });

describe('createKeepalivedReader() of the processes of a keepalived', () => {
  it('gives each with its start', async () => {
    machine.setProcess(checker, { parentPid: parent, handled: otherSignals });
    configure('virtual_server 192.0.2.1 80 {\n}\n');
    expect((await read()).processes).toEqual([up('vrrp'), up('checker')]);
  });

  it.each([
    ['its pid file', { 'run/checkers.pid': `${checker}\n`, 'run/bfd.pid': `${bfd}\n` }, ['keepalived', 'keepalived']],
    ['its own pid file', { 'srv/c': `${checker}`, 'srv/b': `${bfd}` }, ['keepalived', 'keepalived']],
    ['its name', {}, ['keepalived_chk', 'keepalived_bfd']],
  ])('distinguishes the checker from BFD by %s', async (_by, files, names) => {
    const words = 'srv/c' in files ? ['keepalived', '-c', '/srv/c', '--bfd_pid=/srv/b', ''] : ['keepalived', ''];
    machine.setProcess(parent, { words });
    machine.setProcess(checker, { parentPid: parent, handled: otherSignals, name: names[0] ?? '' });
    machine.setProcess(bfd, { parentPid: parent, handled: otherSignals, name: names[1] ?? '', startTicks: 20_000 });
    for (const [path, text] of Object.entries(files)) write(path, text);
    expect((await read()).processes).toEqual([
      up('vrrp'),
      up('checker'),
      { process: 'bfd', startSeconds: boot + 200, restarts: 0 },
    ]);
  });

  it('leaves out one that may be the checker or BFD', async () => {
    machine.setProcess(checker, { parentPid: parent, handled: otherSignals });
    configure('virtual_server 192.0.2.1 80 {\n}\nbfd_instance b {\n}\n');
    expect((await read()).processes).toEqual([up('vrrp')]);
  });

  it('misses one that ran, and counts it when another one comes', async () => {
    machine.setProcess(checker, { parentPid: parent, handled: otherSignals, name: 'keepalived_chk' });
    await read();
    machine.endProcess(checker);
    machine.endProcess(vrrp);
    expect((await read()).processes).toEqual([
      { process: 'vrrp', restarts: 0 },
      { process: 'checker', restarts: 0 },
    ]);
    for (const restarts of [1, 2]) {
      machine.setProcess(vrrp, { parentPid: parent, startTicks: 10_000 + restarts });
      expect((await read()).processes?.[0]).toEqual({
        process: 'vrrp',
        startSeconds: boot + 100 + restarts / 100,
        restarts,
      });
    }
  });

  it.each([
    ['before it has its pid file', ''],
    ['once it has its pid file', `${vrrp + 10}\n`],
  ])('does not take a child that was just forked for the VRRP process: %s', async (_when, named) => {
    configure('vrrp_instance VI_1 {\n}\nvirtual_server 192.0.2.1 80 {\n}\n');
    machine.setProcess(checker, { parentPid: parent, handled: otherSignals });
    await read();
    for (const pid of [vrrp, checker]) machine.endProcess(pid);
    const justNow = { parentPid: parent, startTicks: 99_999_950 };
    // Forked for the checker, with the handlers of its parent; the VRRP process has set those of USR1 alone.
    machine.setProcess(checker + 10, justNow);
    if (named !== '') machine.setProcess(vrrp + 10, { ...justNow, handled: otherSignals });
    write('run/vrrp.pid', named || `${vrrp}\n`);
    expect((await read()).processes).toEqual([
      { process: 'vrrp', restarts: 0 },
      { process: 'checker', restarts: 0 },
    ]);
    machine.setProcess(checker + 10, { ...justNow, handled: otherSignals });
    machine.setProcess(vrrp + 10, justNow);
    write('run/vrrp.pid', `${vrrp + 10}\n`);
    const seconds = boot + 999_999.5;
    expect((await read()).processes).toEqual([
      { process: 'vrrp', startSeconds: seconds, restarts: 1 },
      { process: 'checker', startSeconds: seconds, restarts: 1 },
    ]);
  });

  it('misses one that the configuration demands, and none that its options leave out', async () => {
    configure('include conf.d/*\n');
    write(
      'etc/keepalived/conf.d/web.conf',
      '  virtual_server group web {\n}\nvrrp_instance VI_1 {\n}\nbfd_instance b {\n}\n',
    );
    machine.setProcess(parent, { words: ['keepalived', '-nBl', ''], ...startedNow });
    expect((await read()).processes?.map(({ process }) => process)).toEqual(['vrrp', 'checker']);
  });

  it('misses none while keepalived is just starting', async () => {
    configure('virtual_server 192.0.2.1 80 {\n}\n');
    machine.setProcess(parent, startedNow);
    machine.setUptime(startedNow.startTicks / 100 + 4);
    expect((await read()).processes).toEqual([up('vrrp')]);
    machine.setUptime(startedNow.startTicks / 100 + 6);
    expect((await read()).processes).toEqual([up('vrrp'), { process: 'checker', restarts: 0 }]);
  });

  it('misses none that a configuration demands which keepalived has not read yet', async () => {
    configure('virtual_server 192.0.2.1 80 {\n}\n');
    expect((await read()).processes).toEqual([up('vrrp')]);
  });

  it('misses none any longer that the configuration does not demand now', async () => {
    configure('vrrp_instance VI_1 {\n}\nvirtual_server 192.0.2.1 80 {\n}\n');
    machine.setProcess(checker, { parentPid: parent, handled: otherSignals });
    await read();
    configure('vrrp_instance VI_1 {\n}\n');
    machine.endProcess(checker);
    expect((await read()).processes).toEqual([up('vrrp')]);
  });

  it('misses one that wrote a dump since keepalived started, before this program did', async () => {
    machine.endProcess(vrrp);
    machine.setProcess(104, { parentPid: parent, handled: otherSignals, name: 'keepalived_chk' });
    machine.writeDump('json', boot + 900, undefined, join(machine.procfs, String(parent), 'root', 'tmp'));
    const { processes, dumps } = await read();
    expect(processes).toEqual([{ process: 'vrrp', restarts: 0 }, up('checker')]);
    expect(dumps.json).toMatchObject({ ended: true, modifiedSeconds: boot + 900 });
  });
});

describe('createKeepalivedReader() while the VRRP process is away', () => {
  it('gives the dumps of the one before as ended, also while a new one has not written any', async () => {
    machine.writeDump('json', boot + 900);
    const before = (await read()).dumps.json;
    machine.endProcess(vrrp);
    expect((await read()).dumps).toEqual({ json: { ...before, ended: true } });
    machine.setProcess(vrrp, { parentPid: parent, startTicks: 95_000 });
    machine.setUptime(965);
    expect((await read()).dumps).toEqual({ json: { ...before, ended: true } });
    machine.setUptime(971);
    expect((await read()).dumps).toEqual({});
  });

  it('gives the last dumps of a keepalived that was started again, until it has written its own', async () => {
    machine.writeDump('json', boot + 900);
    const before = (await read()).dumps.json;
    machine.setProcess(parent, { startTicks: 95_000 });
    machine.setProcess(vrrp, { parentPid: parent, startTicks: 95_010 });
    machine.setUptime(955);
    expect((await read()).dumps).toEqual({ json: { ...before, ended: true } });
    machine.writeDump('data', boot + 960);
    expect(Object.keys((await read()).dumps)).toEqual(['data']);
  });

  it('asks for no dump, and is found again at once', async () => {
    machine.writeDump('json', boot + 900);
    await read();
    machine.endProcess(vrrp);
    await reader.requestDumps();
    expect(machine.signals).toEqual([]);
    machine.setProcess(vrrp, { parentPid: parent, startTicks: 95_000 });
    expect((await read()).processes).toEqual([{ process: 'vrrp', startSeconds: boot + 950, restarts: 1 }]);
  });
});
