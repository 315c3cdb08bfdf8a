import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { havePrograms } from './debian-package.ts';

describe('the demo', () => {
  let demo: ChildProcess;
  let addresses: readonly string[];

  beforeAll(async () => {
    const firstPort = String(30_000 + (process.pid % 1000) * 3);
    const started = spawn('npx', ['tsx', 'scripts/demo.ts', firstPort], { detached: true });
    demo = started;
    let printed = '';
    for await (const data of started.stdout) {
      printed += data;
      if (printed.includes('Ctrl-C')) break;
    }
    addresses = printed.match(/http:\S+\/metrics/g) ?? [];
  });

  afterAll(async () => {
    if (demo.pid !== undefined) process.kill(-demo.pid);
    await once(demo, 'close');
  });

  it('prints the addresses of a compute node and two directors, and serves them', async () => {
    expect(addresses).toHaveLength(3);
    for (const address of addresses) expect((await fetch(address)).status).toBe(200);
  });

  it.runIf(havePrograms('promtool'))('serves nothing that promtool has to say something about', async () => {
    for (const address of addresses) {
      const input = await (await fetch(address)).text();
      const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
      expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
    }
  });
});
