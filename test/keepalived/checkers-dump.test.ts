import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeepalivedReader } from '../../src/host/host.ts';
import { boot, createMachine, parent, vrrp } from './process/fake-proc.ts';

let machine: ReturnType<typeof createMachine>;
let reader: KeepalivedReader;

beforeEach(() => {
  machine = createMachine();
  reader = machine.createReader();
});

afterEach(() => machine.remove());

const usr1 = 10;
const json = 36;

describe('createKeepalivedReader() of the dump of checkers', () => {
  const checker = 102;
  const check = '------< Global definitions >------\n';

  beforeEach(() => {
    machine.setProcess(checker, { parentPid: parent, handled: [1, usr1, 15] });
  });

  const readCheck = async () => (await reader.keepalived())[0]?.dumps.check?.modifiedSeconds;

  it('asks for it with the data and waits for both', async () => {
    machine.onSignal = (signal) => {
      machine.writeDump(signal === usr1 ? 'data' : 'json', boot + 900);
      if (signal === usr1) machine.onSleep = () => machine.writeDump('check', boot + 901, check);
    };
    await reader.requestDumps();
    expect(await readCheck()).toBe(boot + 901);
    expect(machine.signals.map(([, signal]) => signal)).toEqual([usr1, json]);
  });

  it('does not miss it where it never was: the other process may be that of BFD', async () => {
    machine.onSignal = (signal) => machine.writeDump(signal === usr1 ? 'data' : 'json', boot + 900);
    await reader.requestDumps();
    expect(await readCheck()).toBeUndefined();
  });

  it('misses it where it was', async () => {
    machine.onSignal = (signal) => {
      machine.writeDump(signal === usr1 ? 'data' : 'json', boot + 900);
      if (signal === usr1) machine.writeDump('check', boot + 900, check);
    };
    await reader.requestDumps();
    machine.onSignal = (signal) => machine.writeDump(signal === usr1 ? 'data' : 'json', boot + 950);
    await expect(reader.requestDumps()).rejects.toThrow('got no new check');
    expect(await readCheck()).toBe(boot + 900);
  });

  it('is asked for where no daemon runs VRRP', async () => {
    machine.endProcess(vrrp);
    machine.onSignal = () =>
      machine.writeDump('check', boot + 900, check, join(machine.procfs, String(parent), 'root', 'tmp'));
    await reader.requestDumps();
    expect(await readCheck()).toBe(boot + 900);
    expect(machine.signals).toEqual([[parent, usr1]]);
  });

  it('is not asked for where BFD alone runs', async () => {
    machine.endProcess(vrrp);
    machine.setProcess(checker, { name: 'keepalived_bfd', parentPid: parent, handled: [1, usr1, 15] });
    await reader.requestDumps();
    expect(machine.signals).toEqual([]);
  });

  it('asks the VRRP process although the checkers have not taken the last signal, waits for it alone, and reports it', async () => {
    const hangs = `Expected keepalived, process ${checker}, to take its last signal, which still waits`;
    machine.onSignal = (signal) => {
      machine.writeDump(signal === usr1 ? 'data' : 'json', boot + 900);
      machine.setProcess(checker, { parentPid: parent, handled: [1, usr1, 15], pending: [usr1] });
    };
    await reader.requestDumps();
    machine.signals = [];
    machine.onSignal = (signal) => machine.writeDump(signal === usr1 ? 'data' : 'json', boot + 950);
    const before = machine.time;
    await expect(reader.requestDumps()).rejects.toThrow(hangs);
    expect(machine.time).toBe(before);
    expect(machine.signals.map(([, signal]) => signal)).toEqual([usr1, json]);
    const [only] = await reader.keepalived();
    expect([only?.dumps.data?.modifiedSeconds, only?.dumps.json?.modifiedSeconds]).toEqual([boot + 950, boot + 950]);
  });

  it('signals no process where no daemon runs VRRP and the checkers have not taken the last signal', async () => {
    machine.endProcess(vrrp);
    machine.setProcess(checker, { parentPid: parent, handled: [1, usr1, 15], pending: [usr1] });
    await expect(reader.requestDumps()).rejects.toThrow(`process ${checker}, to take its last signal`);
    expect(machine.signals).toEqual([]);
  });

  it('leaves out that of an earlier process', async () => {
    machine.writeDump('check', boot + 99, check);
    expect(await readCheck()).toBeUndefined();
  });
});
