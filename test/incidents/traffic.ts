import { createSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';

/**
 * traffic.ts serve tcp PORT close|hold|leave|ftp
 * traffic.ts serve udp PORT
 * traffic.ts keep udp ADDRESS PORT FLOWS SOURCES SECONDS
 * traffic.ts chat tcp ADDRESS PORT CONNECTIONS SOURCE [SECONDS]
 * traffic.ts twice udp ADDRESS PORT PER_SECOND SOURCES
 * traffic.ts several udp ADDRESS PORT PER_SECOND SOURCES
 * traffic.ts send tcp|udp ADDRESS PORT PER_SECOND [SOURCES [SECONDS]]
 *
 * Real sockets. SOURCES is the first part of an address, `198.18.`: each flow comes from another address below it. The
 * ADDRESS may be the first part of one, too, and PORT `any`. `keep` sends a datagram of each flow every so many SECONDS, and
 * `chat` data on each connection. `twice` sends two datagrams of each flow at once, `several` five within four seconds. A connection is left open for SECONDS; without, for as long as it is.
 */
const [action, protocol, ...rest] = process.argv.slice(2);

if (action === 'serve') serve(Number(rest[0]), rest[1] ?? 'close');
else if (action === 'keep') keep(rest);
else if (action === 'chat') chat(rest);
else
  send({
    address: rest[0] ?? '',
    port: Number(rest[1]),
    perSecond: Number(rest[2]),
    from: rest[3],
    seconds: rest[4],
    spacings: action === 'twice' ? [0] : action === 'several' ? [1000, 2000, 3000, 4000] : [],
  });

function serve(port: number, mode: string): void {
  if (protocol === 'udp') {
    const socket = createSocket('udp6');
    socket.on('message', (message, { port: to, address }) => socket.send(message, to, address)).bind(port);
    return;
  }
  const server = createServer({ allowHalfOpen: mode === 'leave' }, (socket) => {
    socket.on('error', () => undefined).on('data', () => reply(socket, mode));
    // A helper reads from the first whole line on.
    if (mode === 'ftp') socket.write('220 ready\r\n');
  });
  server.listen({ port, host: '::', backlog: 4096 });
}

let transfers = 0;

/** `ftp` announces a port for a file transfer that never begins. */
function reply(socket: Socket, mode: string): void {
  if (mode === 'ftp') {
    transfers++;
    const port = [100 + (transfers >> 8), transfers & 255];
    socket.write(`227 Entering Passive Mode (198,51,100,10,${port.join()}).\r\n`);
  } else if (mode === 'close') socket.end('ok');
  else socket.write('ok');
}

/** Connections that send something every so many seconds. */
function chat([host = '', port, connections, localAddress = '', seconds = '1']: readonly string[]): void {
  for (let count = 0; count < Number(connections); count++) {
    const socket = connect({ host, port: Number(port), localAddress });
    socket.on('error', () => undefined).on('data', () => undefined);
    setInterval(() => socket.write('chat'), Number(seconds) * 1000);
  }
}

function keep([address, port, flows, from = '', seconds]: readonly string[]): void {
  for (let flow = 0; flow < Number(flows); flow++) {
    const socket = createSocket(familyOf(address)).on('error', () => undefined);
    const sendOne = () => socket.send('kept', Number(port), address);
    socket.bind({ address: complete(from, flow) }, sendOne);
    setInterval(sendOne, Number(seconds) * 1000);
  }
}

interface Load {
  readonly address: string;
  readonly port: number;
  readonly perSecond: number;
  readonly from: string | undefined;
  readonly seconds: string | undefined;
  /** Milliseconds after the first datagram of a flow, for each further one. */
  readonly spacings: readonly number[];
}

function send({ address, port, perSecond, from, seconds, spacings }: Load): void {
  let sent = 0;
  const started = Date.now();
  setInterval(() => {
    for (; sent < ((Date.now() - started) / 1000) * perSecond; sent++) {
      const one = {
        to: complete(address, sent),
        port: Number.isNaN(port) ? anyPort(sent) : port,
        from: from && complete(from, sent),
        seconds,
        spacings,
      };
      if (protocol === 'udp') sendDatagram(one);
      else open(one);
    }
  }, 20);
}

/** Each port once, in no order. */
function anyPort(count: number): number {
  return 1 + ((count * 7919) % 65_535);
}

/** `198.18.` with as many numbers as are missing; `2001:db8::` with one. */
function complete(prefix: string, count: number): string {
  if (prefix.includes(':')) return prefix.endsWith('::') ? `${prefix}${(1 + (count % 60_000)).toString(16)}` : prefix;
  const parts = prefix.split('.').filter((part) => part !== '');
  const numbers = [1 + (Math.floor(count / 62_500) % 250), 1 + (Math.floor(count / 250) % 250), 1 + (count % 250)];
  return [...parts, ...numbers.slice(parts.length - 1)].join('.');
}

interface One {
  readonly to: string;
  readonly port: number;
  readonly from: string | undefined;
  readonly seconds: string | undefined;
  readonly spacings: readonly number[];
}

const kept: unknown[] = [];

function open({ to, port, from, seconds }: One): void {
  const socket = connect({ host: to, port, ...(from !== undefined && { localAddress: from }) });
  socket.on('error', () => undefined).on('connect', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
  socket.on('data', () => undefined);
  kept.push(socket);
  if (seconds !== undefined) setTimeout(() => socket.end(), Number(seconds) * 1000);
}

function familyOf(address = ''): 'udp4' | 'udp6' {
  return address.includes(':') ? 'udp6' : 'udp4';
}

function sendDatagram({ to, port, from, spacings }: One): void {
  const socket = createSocket(familyOf(to));
  socket.on('error', () => undefined);
  const sendOne = () => socket.send('x'.repeat(24), port, to);
  socket.bind(from === undefined ? {} : { address: from }, sendOne);
  for (const spacing of spacings) setTimeout(sendOne, spacing);
  kept.push(socket);
  setTimeout(() => socket.close(), 2000 + Math.max(0, ...spacings));
}
