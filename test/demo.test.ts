import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../scripts/free-port.ts';
import { startVictoriaBeside } from './demo-victoria.ts';
import { needs } from './needs.ts';

interface ActiveAlert {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}

const page = 'ConntrackTableFullSoon critical compute';

function nameFiring({ state, labels: { alertname, severity, instance = '' } }: ActiveAlert): string[] {
  return state === 'firing' ? [`${alertname} ${severity} ${instance}`] : [];
}

/** Starts it; gives its process, and what it printed until it was up. */
async function startDemo(...options: readonly string[]): Promise<[ChildProcess, string]> {
  const started = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', ...options]);
  let printed = '';
  for await (const data of started.stdout) {
    printed += data;
    if (printed.includes('Ctrl-C')) break;
  }
  return [started, printed];
}

/** Runs it to its end. */
function run(options: readonly string[], env = process.env) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', ...options], { encoding: 'utf8', env });
}

async function stop(demo: ChildProcess): Promise<void> {
  if (demo.exitCode !== null || demo.signalCode !== null) return;
  const closed = once(demo, 'close');
  demo.kill();
  await closed;
}

/** What the directors report. The lab was started a few minutes before it was recorded. */
const times = [
  'keepalived_dump_timestamp_seconds',
  'keepalived_process_start_time_seconds',
  'keepalived_vrrp_last_transition_timestamp_seconds',
  'process_start_time_seconds',
];
const longBefore = 600;

describe('the demo', () => {
  let demo: ChildProcess;
  let addresses: readonly string[];

  beforeAll(async () => {
    const [started, printed] = await startDemo('--web.listen-address=127.0.0.1:0');
    demo = started;
    addresses = printed.match(/http:\S+\/metrics/g) ?? [];
  });

  afterAll(() => stop(demo));

  it('prints the addresses of a compute node and two directors, and serves them', async () => {
    expect(addresses).toHaveLength(3);
    for (const address of addresses) expect((await fetch(address)).status).toBe(200);
  });

  it('has every moment in its story: none of the day that it was recorded, none to come', async () => {
    const texts = await Promise.all(addresses.map(async (address) => (await fetch(address)).text()));
    const lines = texts.join('\n').matchAll(/^(\w+_(?:timestamp|start_time)_seconds(?:\{.*\})?) (\S+)$/gm);
    const moments = [...lines].map(([, series = '', value]) => ({
      series,
      ageSeconds: Date.now() / 1000 - Number(value),
    }));
    const names = new Set(moments.map(({ series }) => series.replace(/\{.*/, '')));
    expect([...names]).toEqual(expect.arrayContaining(times));
    expect(moments.filter(({ ageSeconds }) => ageSeconds < -1 || ageSeconds > longBefore)).toEqual([]);
  });

  it('serves what promtool accepts', needs('promtool'), async () => {
    for (const address of addresses) {
      const input = await (await fetch(address)).text();
      const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
      expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
    }
  });
});

describe('the demo where a port is in use', () => {
  /** Unless another program has it already. */
  async function occupy(port: number): Promise<number> {
    const server = createServer().on('error', () => {});
    onTestFinished(() => void server.close());
    await Promise.race([once(server.listen(port, '127.0.0.1'), 'listening'), once(server, 'error')]).catch(() => {});
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  it('listens on others without an address', async () => {
    await occupy(10045);
    const [demo, printed] = await startDemo();
    onTestFinished(() => stop(demo));
    const addresses = printed.match(/127\.0\.0\.1:\d+(?=\/metrics)/g) ?? [];
    expect(addresses).toHaveLength(3);
    expect(addresses).not.toContain('127.0.0.1:10044');
    for (const address of addresses) expect((await fetch(`http://${address}/metrics`)).status).toBe(200);
  });

  it('refuses an address that was given', async () => {
    const address = `127.0.0.1:${await occupy(0)}`;
    const { status, stderr } = run([`--web.listen-address=${address}`]);
    const reason = 'the port is in use; choose another with --web.listen-address';
    expect([status, stderr]).toEqual([1, `Cannot listen on ${address}: ${reason}\n`]);
  });
});

const engines = needs('prometheus', 'victoria-metrics', 'vmagent', 'vmalert');

describe('the demo with Prometheus', engines, () => {
  // The alert comes a minute after the table of the recording began to fill, and that begins again every two.
  it('scrapes the three exporters, alerts as vmalert does, and leaves nothing behind', async () => {
    const [demo, printed] = await startDemo(
      '--web.listen-address=127.0.0.1:0',
      '--with-prometheus',
      `--prometheus-port=${await freePort()}`,
    );
    onTestFinished(() => stop(demo));
    const [url] = /http:\S+(?=\/alerts)/.exec(printed) ?? [];
    const ask = async (path: string) => JSON.parse(await (await fetch(`${url}/api/v1/${path}`)).text()).data;
    const folder = (await ask('status/flags'))['storage.tsdb.path'];
    const nodes = async (): Promise<string[]> => {
      const { result } = await ask('query?query=up==1');
      return result.map(({ metric }: { metric: { instance: string } }) => metric.instance).sort();
    };
    while ((await nodes()).length < 3) await sleep(200);
    expect(await nodes()).toEqual(['compute', 'director1', 'director2']);
    const victoria = await startVictoriaBeside((await ask('targets')).activeTargets);
    onTestFinished(() => victoria.stop());
    const fired = { prometheus: new Set<string>(), victoria: new Set<string>() };
    const isDone = () => fired.prometheus.has(page) && isDeepStrictEqual(fired.prometheus, fired.victoria);
    while (!isDone()) {
      for (const alert of ((await ask('alerts')).alerts as readonly ActiveAlert[]).flatMap(nameFiring)) {
        fired.prometheus.add(alert);
      }
      for (const alert of await victoria.alerts()) fired.victoria.add(alert);
      await sleep(1000);
    }

    expect(existsSync(folder)).toBe(true);
    await stop(demo);
    expect(existsSync(folder)).toBe(false);
    await expect(fetch(`${url}/-/ready`)).rejects.toThrow();
  });
});

describe('the command line of the demo', () => {
  it('is explained by --help', () => {
    const { status, stdout } = run(['--help']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('--with-prometheus')]);
  });

  it.each([
    [['20044'], 'Expected options alone, got "20044"'],
    [['--prometheus'], "Unknown option '--prometheus'"],
    [
      ['--web.listen-address=x'],
      'Option --web.listen-address: expected an address such as :10044 or [::1]:10044, got "x"',
    ],
  ])('refuses %s', (options, message) => {
    const { status, stderr } = run(options);
    expect([status, stderr]).toEqual([1, `${message}\nTry "npm run demo -- --help".\n`]);
  });

  it('names the package where there is no Prometheus, before it starts anything', () => {
    const { status, stdout, stderr } = run(['--with-prometheus'], { ...process.env, PATH: '' });
    expect([status, stdout, stderr]).toEqual([1, '', 'Cannot find prometheus: apt-get install prometheus\n']);
  });
});
