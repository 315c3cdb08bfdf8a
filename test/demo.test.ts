import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

it('the demo prints the addresses of a compute node and two directors, and serves them', async () => {
  const demo = spawn('npx', ['tsx', 'scripts/demo.ts', String(30_000 + (process.pid % 1000) * 3)], { detached: true });
  try {
    let printed = '';
    for await (const data of demo.stdout) {
      printed += data;
      if (printed.includes('Ctrl-C')) break;
    }
    const addresses = printed.match(/http:\S+\/metrics/g) ?? [];
    expect(addresses).toHaveLength(3);
    for (const address of addresses) expect((await fetch(address)).status).toBe(200);
  } finally {
    if (demo.pid !== undefined) process.kill(-demo.pid);
    await once(demo, 'close');
  }
});
