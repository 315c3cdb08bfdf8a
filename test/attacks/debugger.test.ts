import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { labRecordings } from '../fixtures.ts';
import { startProgram } from '../program.ts';

/** Ports on which a process listens, by its descriptors and the sockets of its network namespace. */
async function listeningPorts(): Promise<string[]> {
  const rows = (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1);
  const listening = rows.map((row) => row.trim().split(/\s+/)).filter(([, , , state]) => state === '0A');
  return listening.map(([, local = '']) => String(Number.parseInt(local.split(':')[1] ?? '', 16)));
}

it('SIGUSR1 opens no debugger, SIGUSR2 and SIGHUP end nothing', async () => {
  const program = await startProgram(`--replay=${labRecordings}/director1`);
  try {
    for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const) program.process.kill(signal);
    // Answered after the signals were handled.
    await sleep(100);
    expect((await program.get('/-/healthy')).status).toBe(200);
    expect(await listeningPorts()).not.toContain('9229');
    expect(program.log()).not.toContain('Debugger');
  } finally {
    program.process.kill();
    expect(await program.ended).toBe(0);
  }
});
