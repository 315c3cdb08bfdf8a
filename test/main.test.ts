import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { helpText } from '../src/cli/options/help.ts';
import { logMessages } from '../src/log/messages.ts';
import { type Program, runProgram, startProgram } from './program.ts';

const running: Program[] = [];

async function start(...args: string[]): Promise<Program> {
  const program = await startProgram(...args);
  running.push(program);
  return program;
}

afterEach(async () => {
  for (const program of running.splice(0)) {
    program.process.kill('SIGKILL');
    await program.ended;
  }
});

const elsewhere = 'this machine does not have the address; choose another with --web.listen-address';

describe('lvs-exporter', () => {
  it('shows its help', async () => {
    expect(await runProgram('--help')).toEqual({ code: 0, stdout: helpText(), stderr: '' });
  });

  it('shows its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await runProgram('--version')).toEqual({ code: 0, stdout: `lvs-exporter ${version}\n`, stderr: '' });
  });

  it('refuses a wrong flag with one clear message', async () => {
    expect(await runProgram('--collector.ipsv')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "lvs-exporter: Unknown option '--collector.ipsv', did you mean '--collector.ipvs'?\nTry \"lvs-exporter --help\".\n",
    });
  });

  it('listens to a notify FIFO and ends all the same', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-main-'));
    try {
      const fifo = join(directory, 'fifo');
      execFileSync('mkfifo', [fifo]);
      const program = await start(`--collector.keepalived.notify-fifo=${fifo}`);
      expect(program.log()).toContain(`"path":"${fifo}","msg":"${logMessages.fifoOpened}"`);
      program.process.kill('SIGTERM');
      expect(await program.ended).toBe(0);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('refuses a port in use though it listens to a notify FIFO', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-main-'));
    try {
      const fifo = join(directory, 'fifo');
      execFileSync('mkfifo', [fifo]);
      const { get } = await start();
      const { port } = new URL((await get('/-/healthy')).url);
      const words = [`--web.listen-address=127.0.0.1:${port}`, `--collector.keepalived.notify-fifo=${fifo}`];
      expect(await runProgram(...words)).toMatchObject({ code: 1 });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('refuses a port in use, and leaves nothing running', async () => {
    const { get } = await start();
    const { port } = new URL((await get('/-/healthy')).url);
    expect(await runProgram('--web.listen-address=127.0.0.1:0', `--web.listen-address=127.0.0.1:${port}`)).toEqual({
      code: 1,
      stdout: '',
      stderr: `lvs-exporter: Cannot listen on 127.0.0.1:${port}: the port is in use; choose another with --web.listen-address\n`,
    });
  });

  it.each([
    ['192.0.2.1:0', [elsewhere]],
    ['host.invalid:0', [elsewhere, 'no name server answers; give an address to --web.listen-address']],
  ])('refuses to listen on %s', async (address, reasons) => {
    const { code, stderr } = await runProgram(`--web.listen-address=${address}`);
    expect(code).toBe(1);
    expect(reasons.map((reason) => `lvs-exporter: Cannot listen on ${address}: ${reason}\n`)).toContain(stderr);
  });

  it.each([[[]], [['diagnose']], [['metrics']]])(
    'refuses a file of names that is not valid, before it reads anything: %j',
    async (command) => {
      const directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-main-'));
      try {
        const file = join(directory, 'names.yml');
        await writeFile(file, '203.0.113.80:443: web shop\nwww: web\n');
        const { stdout, stderr } = await runProgram(...command, `--collector.ipvs.names=${file}`);
        expect([stdout, stderr.split(': expected')[0]]).toEqual(['', `lvs-exporter: ${file}: Cannot parse line 2`]);
      } finally {
        await rm(directory, { recursive: true });
      }
    },
  );

  it('refuses a folder that is no recording', async () => {
    const { code, stderr } = await runProgram('--replay=/nonexistent');
    expect([code, stderr]).toEqual([
      1,
      'lvs-exporter: Cannot replay "/nonexistent": it is not a recording (no recording.json)\n',
    ]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s, and answers before it does', async (signal) => {
    const program = await start();
    const answers = [program.get('/metrics'), program.get('/metrics')];
    await program.get('/-/healthy');
    program.process.kill(signal);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await program.ended).toBe(0);
    expect(program.log()).toContain(`"signal":"${signal}"`);
  });

  it('records this machine, and serves the recording', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-'));
    try {
      const { code, stderr } = await runProgram('record', directory, '--interval=100ms', '--duration=200ms');
      expect(code, stderr).toBe(0);
      const { get, ready } = await start(`--replay=${directory}`);
      await ready();
      const text = await (await get('/metrics')).text();
      expect(text).toMatch(/^lvs_platform_info\{role="/m);
      expect(text).toMatch(
        /^lvs_exporter_build_info\{version="[\d.]+",revision="\w+",node_version="v\d+\.\d+\.\d+"\} 1$/m,
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
