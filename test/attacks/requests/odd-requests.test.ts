import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConnection } from '../../connection.ts';
import { labRecordings } from '../../fixtures.ts';
import { type Program, startProgram } from '../../program.ts';

let program: Program;

beforeAll(async () => {
  program = await startProgram(`--replay=${labRecordings}/director1`);
  await program.ready();
});

afterAll(async () => {
  program.process.kill();
  expect(await program.ended).toBe(0);
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** With headers as they are written: fetch() does not send all of them. */
async function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
  const { port } = program.address;
  const asked = request({ port, host: '127.0.0.1', path, headers, method, agent: false }).end();
  const [answer]: IncomingMessage[] = await once(asked, 'response');
  if (!answer) throw new Error('Expected an answer');
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += part;
  return { status: answer.statusCode, headers: answer.headers, text };
}

const isScrape = ({ status, text }: Answer) => status === 200 && /^conntrack_entries \d+$/m.test(text);

it.each([
  ['a range that is beyond its end', '/docs/security.html', { Range: 'bytes=99999999-' }, 416],
  ['a range that is none', '/docs/security.html', { Range: 'bytes=-' }, 200],
  ['200 ranges', '/docs/security.html', { Range: `bytes=${'0-0,'.repeat(200)}0-0` }, 206],
  ['a range of /metrics', '/metrics', { Range: 'bytes=99999999-' }, 200],
  ['a page whatever it has', '/metrics', { 'If-None-Match': '*' }, 200],
  ['health whatever it is', '/-/healthy', { 'If-None-Match': '*' }, 200],
  ['what is not there, whatever it is', '/nothing', { 'If-None-Match': '*' }, 404],
  ['a collector that there is none of', `/metrics?collect[]=${'x'.repeat(9000)}`, {}, 400],
  ['a collector with a name that moves a cursor', '/metrics?collect[]=%1b[2J%e2%80%ae', {}, 400],
  ['900 collectors, all the same', `/metrics?${'collect[]=ipvs&'.repeat(900)}`, {}, 200],
  ['parameters that are none', '/metrics?__proto__[x]=1&constructor=2&collect=ipvs', {}, 200],
  [
    'an upgrade to a WebSocket',
    '/metrics',
    { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
    200,
  ],
  [
    'an upgrade to HTTP/2',
    '/metrics',
    { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': '' },
    200,
  ],
  ['an expectation', '/metrics', { Expect: '200-ok' }, 417],
  ['500 headers', '/metrics', Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`a${n}`, '1'])), 200],
  ['a password of 12 kB, where none is needed', '/metrics', { Authorization: `Basic ${'QQ'.repeat(6000)}` }, 200],
])('asked for %s, it answers', async (_what, path, headers, status) => {
  const answer = await ask(path, headers);
  expect(answer.status).toBe(status);
  if (path.startsWith('/metrics') && status === 200) expect(answer.text).toContain('lvs_exporter_build_info');
  expect(answer.text).not.toMatch(/(?!\n)[\p{C}\p{Zl}]/u);
});

it.each(['0', '-1', '1e400', '1e-400', 'NaN', 'Infinity', '0x10', '', '1, 2', '\u00e9', '9'.repeat(4000)])(
  'a scrape with an odd time limit is answered (%#)',
  async (limit) => {
    expect(isScrape(await ask('/metrics', { 'X-Prometheus-Scrape-Timeout-Seconds': limit }))).toBe(true);
  },
);

it.each([
  ['application/openmetrics-text; version=1.0.0; q=0.1, text/plain; version=0.0.4; q=0.5', 'text/plain'],
  ['application/openmetrics-text ; q = 0.5 , text/plain ;q= 0.1', 'application/openmetrics-text'],
  ['text/plain;q=NaN, application/openmetrics-text;q=', '(text/plain|application/openmetrics-text)'],
  [`${';'.repeat(8000)},${' '.repeat(2000)}`, 'text/plain'],
  [`text/plain${';a="b,c"'.repeat(900)};q=0.1`, 'text/plain'],
])('an odd Accept header gets a format (%#)', async (accept, type) => {
  expect((await ask('/metrics', { Accept: accept })).headers['content-type']).toMatch(new RegExp(`^${type}`));
});

it.each([
  [
    'a body in chunks, with trailers',
    'GET /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n1\r\na\r\n0\r\nX: 1\r\n\r\n',
  ],
  ['a chunk that does not end', 'POST /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n'],
  ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['HTTP/0.9', 'GET /metrics\r\n'],
  ['a proxy', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a proxy by its address', 'GET http://169.254.169.254/latest/ HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['everything', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a method of 70 kB', `${'G'.repeat(70_000)} / HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['lines that end with a line feed alone', 'GET /metrics HTTP/1.1\nHost: a\n\n'],
  ['nothing but line ends', '\r\n'.repeat(30_000)],
])('%s costs no scrape', async (_what, bytes) => {
  const socket = (await openConnection(program.address.port)).resume();
  socket.write(bytes);
  expect(isScrape(await ask('/metrics'))).toBe(true);
  socket.destroy();
});
