import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeepalivedReader } from '../../src/host/host.ts';
import { systemError } from '../machine.ts';
import { boot, createMachine, vrrp } from './process/fake-proc.ts';

let machine: ReturnType<typeof createMachine>;
let reader: KeepalivedReader;

beforeEach(() => {
  machine = createMachine();
  reader = machine.createReader();
});

afterEach(() => machine.remove());

describe('createKeepalivedReader() without the right', () => {
  it('to signal, fails with the cure', async () => {
    const cause = systemError('EPERM', 'operation not permitted');
    machine.onSignal = () => {
      throw cause;
    };
    await expect(reader.requestDumps()).rejects.toEqual(
      new Error(
        'Cannot signal keepalived, process 100: run as root or with CAP_KILL, or with --no-collector.keepalived-dumps',
        { cause },
      ),
    );
  });

  it('to signal whom /proc names, because it is of another PID namespace, fails with a hint and sends no signal', async () => {
    machine.setSelf(process.pid + 1);
    await expect(reader.requestDumps()).rejects.toThrow(
      `Cannot signal keepalived: ${machine.procfs} is of another PID namespace than this program: share the host's (pid: host, hostPID: true), or run with --no-collector.keepalived-dumps`,
    );
    expect(machine.signals).toEqual([]);
  });

  it('to read the dumps, fails with the cure', async () => {
    const path = join(machine.procfs, `${vrrp}/root/tmp/keepalived.json`);
    machine.writeDump('json', boot + 900);
    rmSync(path);
    writeFileSync(path, '[]', { mode: 0 });
    await expect(asNobody(() => reader.keepalived())).rejects.toMatchObject({
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
