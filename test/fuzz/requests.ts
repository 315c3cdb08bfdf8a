import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Exporter, serve } from '../../src/cli/serve.ts';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { createLog } from '../../src/log/log.ts';
import { openReplay } from '../../src/recording/replay-host.ts';
import { labRecordings } from '../fixtures.ts';
import { mutateText } from './mutate.ts';
import { createRandom } from './random.ts';

const head = 'Host: localhost\r\nUser-Agent: Prometheus/3.0.0\r\n';
const real = [
  `GET /metrics HTTP/1.1\r\n${head}Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3\r\nAccept-Encoding: gzip\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n`,
  `GET /metrics?collect[]=ipvs&collect[]=conntrack HTTP/1.1\r\n${head}Authorization: Basic YTpi\r\n\r\n`,
  `GET / HTTP/1.1\r\n${head}If-None-Match: W/"1 2"\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n`,
  `GET /history.json HTTP/1.1\r\n${head}Connection: close\r\n\r\nGET /-/ready HTTP/1.1\r\n${head}\r\n`,
  `GET /docs/security.html HTTP/1.1\r\n${head}Range: bytes=0-99,200-\r\nIf-Range: x\r\n\r\n`,
  `GET /assets/page.js HTTP/1.1\r\n${head}If-Modified-Since: Sat, 28 Nov 2026 00:00:00 GMT\r\n\r\n`,
  `HEAD /-/healthy HTTP/1.0\r\n${head}\r\n`,
  `POST /metrics HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: 1\r\n\r\n`,
  `PUT /%2e%2e/etc/passwd HTTP/1.1\r\n${head}Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc`,
  `GET http://localhost/metrics HTTP/1.1\r\n${head}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
];

export interface RequestsOutcome {
  readonly inputs: number;
  /** How often each status came; '' stands for a connection that was closed without an answer. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
}

/** The first line of an answer to bytes after which the client is silent. Undefined where the connection stays. */
async function send(port: number, bytes: string): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let answer = '';
  socket.on('data', (data) => {
    if (answer.length < 100) answer += data;
  });
  return await new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy() && resolve(undefined), 300_000);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        clearTimeout(timer);
        resolve(answer.split('\r\n')[0]);
      });
    socket.end(bytes, 'latin1');
  });
}

const atOnce = 20;

/** Sends requests that a seed decides to an exporter with a recording, and looks whether it still answers. */
export async function fuzzRequests(seed: number, inputs: number): Promise<RequestsOutcome> {
  const logged: string[] = [];
  const exporter = await start(logged);
  const [address] = exporter.addresses;
  const port = address && 'port' in address ? address.port : 0;
  const statuses = new Map<string, number>();
  const problems: string[] = [];
  let next = 0;
  const sendOn = async () => {
    for (let n = next++; n < inputs; n = next++) {
      const bytes = mutateText(createRandom(seed + n), real);
      const line = await send(port, bytes);
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(line ?? '')?.[1] ?? line ?? 'none';
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (!/^(?:|[1-4]\d\d|503|501)$/.test(status))
        problems.push(`input ${seed + n}: ${status}\n${JSON.stringify(bytes)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sendOn));
  if ((await fetch(`http://127.0.0.1:${port}/metrics`)).status !== 200) problems.push('no scrape afterwards');
  await exporter.stop();
  return { inputs, statuses, problems: [...problems, ...logged] };
}

async function start(logged: string[]): Promise<Exporter> {
  const host = await openReplay(`${labRecordings}/director1`, { speed: 1 });
  const log = createLog({ level: 'error', format: 'logfmt', write: (line) => logged.push(line) });
  const folder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const files = { assets: folder('src/page'), docs: folder('docs') };
  const build = { version: '1', revision: '1', nodeVersion: 'v1' };
  const listenAddresses = [{ host: '127.0.0.1', port: 0 }];
  const exporter = await serve({
    host,
    collectors: createCollectors(defaultSettings),
    listenAddresses,
    files,
    log,
    build,
  });
  await exporter.ready;
  return exporter;
}
