import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemdSockets } from '../../src/http/listen.ts';
import { logMessages } from '../../src/log/messages.ts';
import { runProgram } from '../program.ts';

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
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  // As systemd does it: the process identifier is known only to the process itself.
  const command = `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"`;
  const args = [process.execPath, main, '--web.systemd-socket', '--path.procfs=/nowhere'];
  const handle: { readonly fd: number } = Reflect.get(socket, '_handle');
  const program = spawn('sh', ['-c', command, ...args], { stdio: ['ignore', 'ignore', 'pipe', handle.fd] });
  try {
    let log = '';
    const stderr = program.stderr as Readable;
    while (!log.includes(logMessages.listening)) log += String((await once(stderr, 'data'))[0]);
    socket.close();
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
