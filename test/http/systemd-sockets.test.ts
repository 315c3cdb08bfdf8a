import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemdSockets } from '../../src/http/listen.ts';
import { onSystemdSocket, openListeningSocket, runProgram } from '../program.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

it('takes the announced number of file descriptors, from 3 on', () => {
  expect(systemdSockets({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7)).toEqual([{ fd: 3 }, { fd: 4 }]);
});

it.each([
  ['nothing', {}],
  ['sockets of another process', { LISTEN_PID: '8', LISTEN_FDS: '1' }],
  ['no sockets', { LISTEN_PID: '7', LISTEN_FDS: '0' }],
  ['nonsense', { LISTEN_PID: '7', LISTEN_FDS: 'x' }],
])('reports that it was handed %s', (_what, environment) => {
  expect(() => systemdSockets(environment, 7)).toThrow('systemd handed over no socket');
});

it('serves on a socket that another process made', async () => {
  const { port, descriptor, close } = await openListeningSocket();
  const words = ['-c', onSystemdSocket, process.execPath, main, '--web.systemd-socket', '--path.procfs=/nowhere'];
  const program = spawn('sh', words, { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
  close();
  try {
    // The kernel takes connections before the program does.
    expect(await (await fetch(`http://127.0.0.1:${port}/-/healthy`)).text()).toBe('healthy\n');
  } finally {
    program.kill();
    await once(program, 'exit');
  }
});

it('does not start without one', async () => {
  const { code, stderr } = await runProgram('--web.systemd-socket');
  expect([code, stderr]).toEqual([1, expect.stringContaining('leave out --web.systemd-socket')]);
});
