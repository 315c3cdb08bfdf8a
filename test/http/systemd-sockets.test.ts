import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemdSockets } from '../../src/http/listen.ts';
import { onSystemdSocket, openListeningSocket, runProgram } from '../program.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

it('takes the announced number of file descriptors, from 3 on', () => {
  expect(systemdSockets({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7, () => true)).toEqual([{ fd: 3 }, { fd: 4 }]);
});

it.each([
  ['nothing', {}],
  ['sockets of another process', { LISTEN_PID: '8', LISTEN_FDS: '1' }],
  ['no sockets', { LISTEN_PID: '7', LISTEN_FDS: '0' }],
  ['nonsense', { LISTEN_PID: '7', LISTEN_FDS: 'x' }],
  ['a part of one', { LISTEN_PID: '7', LISTEN_FDS: '1.5' }],
  ['less than none', { LISTEN_PID: '7', LISTEN_FDS: '-1' }],
  ['infinitely many', { LISTEN_PID: '7', LISTEN_FDS: 'Infinity' }],
  ['a number in another notation', { LISTEN_PID: '7', LISTEN_FDS: '1e9' }],
])('reports that it was handed %s', (_what, environment) => {
  expect(() => systemdSockets(environment, 7)).toThrow('systemd handed over no socket');
});

it.each(['1025', '1000000000', '9'.repeat(400), `${'0'.repeat(30_000)}1025`])(
  'refuses more sockets than a process has: %.20s',
  (count) => {
    const refusal = /^Cannot listen: expected LISTEN_FDS up to 1024, got "\d{1,100}/;
    expect(() => systemdSockets({ LISTEN_PID: '7', LISTEN_FDS: count }, 7)).toThrow(refusal);
  },
);

it.each([
  ['socket', [3], '4'],
  ['closed descriptor', [], '3'],
])('refuses what is counted and is no socket, beside a %s', (_what, sockets, refused) => {
  const open = () => systemdSockets({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7, (one) => sockets.includes(one));
  expect(open).toThrow(`Cannot listen on file descriptor ${refused}: LISTEN_FDS counts it, and it is not a socket`);
});

it.each(['3', '1024'])('ends with the reason where one socket is handed over as %s', async (count) => {
  const { descriptor, close } = await openListeningSocket();
  const start = onSystemdSocket.replace('LISTEN_FDS=1', `LISTEN_FDS=${count}`);
  const words = ['-c', start, process.execPath, main, '--web.systemd-socket'];
  const program = spawn('sh', words, { stdio: ['ignore', 'ignore', 'pipe', descriptor] });
  try {
    let log = '';
    program.stderr?.on('data', (part) => {
      log += part;
    });
    expect(await once(program, 'close')).toEqual([1, null]);
    expect(log).toContain('Cannot listen on file descriptor 4: LISTEN_FDS counts it');
  } finally {
    close();
  }
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
