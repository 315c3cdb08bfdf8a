import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMachine, parent, vrrp } from '../../keepalived/process/fake-proc.ts';

const checker = 102;
const stranger = 500;
const recycled = 501;

let machine: ReturnType<typeof createMachine>;

beforeEach(() => {
  machine = createMachine();
  // A second child with the signals of VRRP, so that the pid files are asked which it is.
  machine.setProcess(vrrp, { parentPid: parent });
  machine.setProcess(checker, { parentPid: parent, startTicks: 99_999_950 });
  machine.setProcess(stranger, { name: 'database', user: 65534 });
  machine.setProcess(recycled, { parentPid: 1, words: ['/usr/sbin/keepalived', '-n', ''] });
});

afterEach(() => machine.remove());

const put = (text: string) => (path: string) => writeFileSync(path, text);
const pidFiles: readonly (readonly [string, (path: string) => void])[] = [
  ["a stranger's process", put(`${stranger}\n`)],
  ['process 1', put('1\n')],
  ['process 0', put('0\n')],
  ['a process that has the number of one that ended', put(`${recycled}\n`)],
  ['a number that no process has', put('99999999999999999999999\n')],
  ['a negative number, which kill takes for a group', put(`-${stranger}\n`)],
  ['two numbers', put(`${stranger} ${vrrp}\n`)],
  ['no number', put('keepalived\n')],
  ['nothing', put('')],
  [
    '10 MB',
    (path) => {
      writeFileSync(path, `${stranger}\n`);
      truncateSync(path, 10 * 2 ** 20);
    },
  ],
  ['10 MB of blanks before a number', put(`${' '.repeat(10 * 2 ** 20)}${stranger}`)],
  ['a FIFO', (path) => execFileSync('mkfifo', [path])],
  ['a device', (path) => symlinkSync('/dev/zero', path)],
  ['a link to itself', (path) => symlinkSync(path, path)],
  ['a folder', (path) => mkdirSync(path)],
];

/** Whether each is found, which of its processes, and who gets a signal. */
async function observe() {
  machine.signals.splice(0);
  const reader = machine.createReader();
  const found = await reader.keepalived().catch(() => []);
  await reader.requestDumps().catch(() => undefined);
  return {
    found: found.map(({ running, processes }) => ({ running, processes: processes?.map(({ process }) => process) })),
    signalled: [...new Set(machine.signals.map(([pid]) => pid))].sort(),
  };
}

describe('a pid file of keepalived that leads elsewhere', () => {
  it.each(pidFiles)('to %s is as good as none: no other process gets a signal', async (_what, plant) => {
    const usual = await observe();
    expect(usual.found).toEqual([expect.objectContaining({ running: true })]);
    expect(usual.signalled).toEqual([parent]);
    const folder = join(machine.procfs, String(parent), 'root', 'run');
    mkdirSync(folder, { recursive: true });
    for (const name of ['keepalived', 'vrrp', 'checkers', 'bfd']) plant(join(folder, `${name}.pid`));
    expect(await observe()).toEqual(usual);
  });

  // With its own number it is one: all of whose children died.
  const ofOthers = pidFiles.filter(([what]) => !what.startsWith('a process that has'));
  it.each(ofOthers)('to %s makes no keepalived of a process that only has its name', async (_what, plant) => {
    for (const pid of [vrrp, checker, parent]) machine.endProcess(pid);
    const folder = join(machine.procfs, String(recycled), 'root', 'run');
    mkdirSync(folder, { recursive: true });
    expect((await observe()).found).toEqual([]);
    plant(join(folder, 'keepalived.pid'));
    expect(await observe()).toEqual({ found: [], signalled: [] });
    rmSync(join(folder, 'keepalived.pid'), { recursive: true });
    writeFileSync(join(folder, 'keepalived.pid'), `${recycled}\n`);
    expect((await observe()).found).toHaveLength(1);
  });
});
