import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { haveProgramsAndRoot } from './debian-package.ts';
import { startTraced } from './program.ts';

const available = haveProgramsAndRoot('strace');

it.runIf(available)('the running program writes nothing below /proc or /sys, and only asks over netlink', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-trace-'));
  try {
    const trace = join(directory, 'trace');
    const program = await startTraced(trace);
    await program.ready();
    expect((await program.get('/metrics')).status).toBe(200);
    program.process.kill('SIGTERM');
    await program.ended;
    const calls = (await readFile(trace, 'utf8')).split('\n');
    const opened = calls.filter((call) => /open(at2?)?\(.*"\/(proc|sys)\//.test(call));
    expect(opened.length).toBeGreaterThan(50);
    expect(opened.filter((call) => /O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(call))).toEqual([]);

    const messages = calls.flatMap((call) => /nlmsg_type=([^,]+)/.exec(call)?.[1] ?? []);
    expect(messages).toContain('NFNL_SUBSYS_CTNETLINK<<8|IPCTNL_MSG_CT_GET');
    expect(
      messages.filter((type) => !/(RTM_GET\w+|IPCTNL_MSG_CT_GET|IPCTNL_MSG_CT_GET_STATS(_CPU)?)$/.test(type)),
    ).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
