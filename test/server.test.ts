import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Collect } from '../src/http/scrapes.ts';
import { createLog } from '../src/log/log.ts';
import { logMessages } from '../src/log/messages.ts';
import { createWatch } from '../src/page/watch.ts';
import { gauge, sample } from '../src/scrape/metric.ts';
import { createApp } from '../src/server.ts';

const entries = gauge('conntrack_entries', 'Tracked flows.');
const prometheusAccept =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';

let server: Server | undefined;
let logged: string[] = [];
const log = createLog({ level: 'info', format: 'json', write: (line) => logged.push(line) });

afterEach(() => {
  logged = [];
  server?.close();
  server?.closeAllConnections();
});

interface Behaviour {
  readonly ready?: boolean;
  readonly collect?: Collect;
  readonly telemetryPath?: string;
}

const files = {
  assets: fileURLToPath(new URL('../src/page', import.meta.url)),
  docs: fileURLToPath(new URL('../dist/docs', import.meta.url)),
};

/** Serves on a port of its own; gives a fetch that is bound to it. */
const collectors = ['conntrack', 'ipvs', 'network'];

async function start({
  ready = true,
  collect = async () => [sample(entries, 5)],
  telemetryPath = '/metrics',
}: Behaviour = {}) {
  const watch = createWatch({ collect: async () => [sample(entries, 5)], version: '1.2.3', now: () => 90_000 });
  await watch.note();
  server = createServer(
    createApp({ collect, collectors, telemetryPath, isReady: () => ready, watch, files, log }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
}

const text = `# HELP conntrack_entries Tracked flows.
# TYPE conntrack_entries gauge
conntrack_entries 5
`;

const client = { metric: entries, value: 7, labels: {}, isLocal: true } as const;

describe('GET /metrics', () => {
  it('does not serve what must not leave the machine', async () => {
    const request = await start({ collect: async () => [sample(entries, 5), client] });
    expect(await (await request('/metrics')).text()).toBe(text);
  });

  it.each([
    ['nothing', undefined],
    ['anything', '*/*'],
    ['a browser', 'text/html,application/xhtml+xml,*/*;q=0.8'],
    ['what is not served', 'image/png'],
    ['text rather than OpenMetrics', 'application/openmetrics-text;q=0.1,text/plain;q=0.9'],
  ])('answers with the text format for Accept: %s', async (_what, accept) => {
    const request = await start();
    const response = await request('/metrics', accept === undefined ? {} : { headers: { accept } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe(text);
  });

  it.each([
    ['Prometheus 3', prometheusAccept],
    [
      'Prometheus 2.42',
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    ],
  ])('answers with OpenMetrics for the Accept of %s', async (_what, accept) => {
    const request = await start();
    const response = await request('/metrics', { headers: { accept } });
    expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(await response.text()).toBe(`${text}# EOF\n`);
  });

  it('compresses', async () => {
    const many = Array.from({ length: 200 }, (_, n) => sample(gauge(`test_${n}`, 'A gauge that is long enough.'), n));
    const request = await start({ collect: async () => many });
    const response = await request('/metrics', { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toContain('test_199 199');
  });

  it.each([
    ['10', 9500],
    ['0.4', 200],
    [undefined, 9500],
    ['soon', 9500],
    ['-1', 9500],
    ['1e9', 119_500],
  ])('gives the collectors the scrape timeout %s less a reserve: %i ms', async (seconds, expected) => {
    let given: number | undefined;
    const collect = async (timeoutMs: number) => {
      given = timeoutMs;
      return [];
    };
    const request = await start({ collect });
    await request(
      '/metrics',
      seconds === undefined ? {} : { headers: { 'x-prometheus-scrape-timeout-seconds': seconds } },
    );
    expect(given).toBe(expected);
  });

  it.each([
    ['?collect[]=ipvs', 200, ['ipvs']],
    ['?exclude[]=ipvs', 200, ['conntrack', 'network']],
    ['', 200, undefined],
    ['?collect[]=ipvs&exclude[]=network', 400, undefined],
    ['?collect[]=nothing', 400, undefined],
  ])('gives %s %i, and collects from %j', async (query, status, names) => {
    const asked: unknown[] = [];
    const collect: Collect = async (_timeoutMs, chosen) => {
      asked.push(chosen && [...chosen]);
      return [];
    };
    const request = await start({ collect });
    expect((await request(`/metrics${query}`)).status).toBe(status);
    expect(asked).toEqual(status === 200 ? [names] : []);
  });

  it('shares no collection between scrapes of other collectors', async () => {
    const asked: unknown[] = [];
    let go: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      go = resolve;
    });
    const collect: Collect = async (_timeoutMs, names) => {
      asked.push(names && [...names].sort());
      if (asked.length === 2) go();
      await started;
      return [];
    };
    const request = await start({ collect });
    await Promise.all(['', '?collect[]=ipvs'].map((query) => request(`/metrics${query}`)));
    expect(asked).toEqual(expect.arrayContaining([undefined, ['ipvs']]));
  });

  it.each(['/lvs/metrics', '/'])('is at the path that is asked for: %s', async (telemetryPath) => {
    const request = await start({ telemetryPath });
    expect(await (await request(telemetryPath)).text()).toBe(text);
    expect((await request('/metrics')).status).toBe(404);
    expect((await request(telemetryPath, { method: 'POST' })).status).toBe(405);
  });

  it('answers 500, and gives the details to the log alone, when it cannot collect', async () => {
    const request = await start({ collect: () => Promise.reject(new Error('secret')) });
    const response = await request('/metrics');
    expect([response.status, await response.text()]).toEqual([500, 'internal error\n']);
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      {
        level: 'error',
        ts: expect.any(String),
        path: '/metrics',
        error: 'Error: secret',
        msg: logMessages.requestFailed,
      },
    ]);
  });
});

describe('GET /', () => {
  it('answers with the page of the last note, and collects nothing', async () => {
    const request = await start({ collect: () => Promise.reject(new Error('not to be asked')) });
    const response = await request('/');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain('As of <time datetime="1970-01-01T00:01:30.000Z">00:01:30 UTC</time>');
  });

  it.each(['/', '/docs/index.html'])(
    'lets %s load what the exporter serves and nothing else, and be in no frame',
    async (path) => {
      const request = await start();
      const { headers } = await request(path);
      expect(Object.fromEntries([...headers].filter(([name]) => /policy|options|cache/.test(name)))).toEqual({
        'cache-control': 'no-cache',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
    },
  );

  it('has no script or style in it', async () => {
    const request = await start();
    const markup = await (await request('/')).text();
    expect(markup).not.toMatch(/ style=| on[a-z]+=|<style|<script(?! type="module" src="assets)/);
  });

  it('answers 304 to who has the page already', async () => {
    const request = await start();
    const etag = (await request('/')).headers.get('etag') ?? '';
    const response = await request('/', { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } });
    expect([response.status, await response.text()]).toEqual([304, '']);
  });
});

describe('what the page asks for', () => {
  it('GET /history.json answers with the columns of the charts', async () => {
    const request = await start();
    const response = await request('/history.json');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toMatchObject({ atSeconds: [90], entries: [5], limit: [null] });
  });

  it.each([
    ['/assets/page.css', 'text/css; charset=utf-8'],
    ['/assets/icon.svg', 'image/svg+xml'],
    ['/docs/metrics.html', 'text/html; charset=utf-8'],
    ['/docs/runbooks/ConntrackTableFullSoon.html', 'text/html; charset=utf-8'],
    ['/docs/images/status-page.png', 'image/png'],
  ])('GET %s answers with a file, as %s', async (path, type) => {
    const request = await start();
    const response = await request(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
  });

  it.each([
    '/assets',
    '/assets/',
    '/assets/none.js',
    '/assets/..%2fmain.ts',
    '/docs/%2e%2e/package.json',
    '/docs/a%00',
  ])('GET %s answers with no file', async (path) => {
    const request = await start();
    const response = await request(path);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
  });
});

describe('the other paths', () => {
  it.each([
    ['/-/healthy', 200, 'healthy\n'],
    ['/-/ready', 200, 'ready\n'],
    ['/nothing', 404, 'not found\n'],
    ['/metrics/x', 404, 'not found\n'],
    ['/%', 404, 'not found\n'],
  ])('GET %s answers %i', async (path, status, body) => {
    const request = await start();
    for (const headers of [{}, { 'if-none-match': '*' }]) {
      const response = await request(path, { headers });
      expect([response.status, await response.text()]).toEqual([status, body]);
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    }
  });

  it('GET /-/ready answers 503 until every collector has run', async () => {
    const request = await start({ ready: false });
    const response = await request('/-/ready');
    expect([response.status, await response.text()]).toEqual([503, 'not ready: the first collection is under way\n']);
  });

  it.each(['/', '/history.json', '/metrics', '/-/healthy', '/-/ready'])(
    'HEAD %s answers as GET does, without a body',
    async (path) => {
      const request = await start();
      const [head, get] = [await request(path, { method: 'HEAD' }), await request(path)];
      expect(head.status).toBe(200);
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
      expect(await head.text()).toBe('');
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s /metrics answers 405 and names the methods', async (method) => {
    const request = await start();
    const response = await request('/metrics', { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('does not reveal what it is built with', async () => {
    const request = await start();
    expect((await request('/metrics')).headers.get('x-powered-by')).toBeNull();
  });
});
