import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DumpKind, Keepalived, KeepalivedReader } from '../../src/host/host.ts';
import { removeSecrets } from '../../src/keepalived/dump/redact.ts';
import { readDump } from './fixtures.ts';
import { boot, createMachine, parent, vrrp } from './process/fake-proc.ts';

let machine: ReturnType<typeof createMachine>;
let reader: KeepalivedReader;

beforeEach(() => {
  machine = createMachine();
  reader = machine.createReader();
});

afterEach(() => machine.remove());

async function read(): Promise<Keepalived | undefined> {
  const [only] = await reader.keepalived();
  return only;
}

function dump(kind: DumpKind, modifiedSeconds: number) {
  return { text: removeSecrets(kind, readDump('2.2.7/master', kind)), modifiedSeconds };
}

describe('createKeepalivedReader() of a keepalived that does not run', () => {
  beforeEach(() => {
    machine.endProcess(parent);
  });

  it('gives the last dumps it read', async () => {
    machine.setProcess(parent);
    machine.writeDump('json', boot + 900);
    await read();
    machine.endProcess(parent);
    machine.endProcess(vrrp);
    expect(await read()).toEqual({ daemon: '', running: false, dumps: { json: dump('json', boot + 900) } });
  });

  it('gives the last dumps of the one before, when the last one wrote none', async () => {
    machine.setProcess(parent);
    machine.writeDump('json', boot + 900);
    await read();
    machine.setProcess(vrrp, { parentPid: parent, startTicks: 95_000 });
    await read();
    machine.endProcess(parent);
    machine.endProcess(vrrp);
    expect(await read()).toEqual({ daemon: '', running: false, dumps: { json: dump('json', boot + 900) } });
  });

  it('gives those that it finds, if they are whole', async () => {
    machine.endProcess(vrrp);
    machine.writeDump('data', boot + 900, undefined, machine.lastDumpsDirectory);
    machine.writeDump('json', boot + 901, '[{', machine.lastDumpsDirectory);
    expect(await read()).toEqual({ daemon: '', running: false, dumps: { data: dump('data', boot + 900) } });
  });

  it('is known to be there by a dump that is not whole', async () => {
    machine.endProcess(vrrp);
    machine.writeDump('json', boot + 901, '[{', machine.lastDumpsDirectory);
    expect(await read()).toEqual({ daemon: '', running: false, dumps: {} });
  });

  it('is not asked', async () => {
    machine.endProcess(vrrp);
    const problem = 'ENOENT: no keepalived in this network namespace';
    await expect(reader.requestDumps()).rejects.toEqual(Object.assign(new Error(problem), { code: 'ENOENT' }));
  });

  it('fails as absent when there is no dump either', async () => {
    machine.endProcess(vrrp);
    const problem = `ENOENT: no keepalived in this network namespace, no dump of one in ${machine.lastDumpsDirectory}`;
    await expect(read()).rejects.toEqual(Object.assign(new Error(problem), { code: 'ENOENT' }));
  });
});
