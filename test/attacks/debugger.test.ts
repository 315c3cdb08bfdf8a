import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { labRecordings } from '../fixtures.ts';
import { startProgram } from '../program.ts';

/** Ports on which a process listens, by its descriptors and the sockets of its network namespace. */
async function listeningPorts(pid: number | undefined): Promise<number[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = descriptors.map((one) => readlink(`/proc/${pid}/fd/${one}`).catch(() => ''));
  const own = new Set(await Promise.all(targets));
  const rows = (await readFile('/proc/net/tcp', 'utf8')).trim().split('\n').slice(1);
  const sockets = rows.map((row) => row.trim().split(/\s+/));
  const listening = sockets.filter((one) => one[3] === '0A' && own.has(`socket:[${one[9]}]`));
  return listening.map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16));
}

it('SIGUSR1 opens no debugger, SIGUSR2 and SIGHUP end nothing', async () => {
  const program = await startProgram(`--replay=${labRecordings}/director1`);
  try {
    for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const) program.process.kill(signal);
    // Answered after the signals were handled.
    await sleep(100);
    expect((await program.get('/-/healthy')).status).toBe(200);
    expect(await listeningPorts(program.process.pid)).toEqual([program.address.port]);
    expect(program.log()).not.toContain('Debugger');
  } finally {
    program.process.kill();
    expect(await program.ended).toBe(0);
  }
});
