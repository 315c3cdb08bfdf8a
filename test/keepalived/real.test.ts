import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keepalivedDumps } from '../../src/collectors/keepalived/dumps.ts';
import { keepalived } from '../../src/collectors/keepalived/keepalived.ts';
import { createLinuxHost } from '../../src/host/linux-host.ts';
import { render } from '../../src/http/exposition.ts';
import { listenToNotifyFifo } from '../../src/keepalived/notify/notify-fifo.ts';
import { createLog } from '../../src/log/log.ts';
import { parseKeepalivedData } from '../../src/parsers/keepalived/data.ts';
import { parseKeepalivedJson } from '../../src/parsers/keepalived/json.ts';
import type { VrrpEvent } from '../../src/parsers/keepalived/vrrp/announcement.ts';
import { record } from '../../src/recording/record.ts';
import type { Collector } from '../../src/scrape/collector.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { createHost } from '../machine.ts';
import { createDirectors, type Director, instanceNames, ip, neededByDirectors, password } from './directors.ts';
import { withoutPeers } from './fixtures.ts';
import { bound, countDumps, namesIn, readBound, readRealDirector, statesOf } from './real-reader.ts';

const usr1 = 10;
const usr2 = 12;
const json = 36;

const silent = createLog({ level: 'error', format: 'json', write: () => {} });

let lastDumpsDirectory: string;
let directors: Awaited<ReturnType<typeof createDirectors>>;

const readerOf = (director: Pick<Director, 'namespace'>) => readRealDirector(director, lastDumpsDirectory);

/** In a hook there is no expect.poll(). */
const waiting = { timeout: 300_000 };

describe('createKeepalivedReader() of real directors', neededByDirectors, () => {
  beforeAll(async () => {
    lastDumpsDirectory = mkdtempSync(join(tmpdir(), 'lvs-exporter-last-'));
    directors = await createDirectors();
    const states = async (director: Director) => statesOf(await readerOf(director).ask());
    await vi.waitFor(async () => {
      expect(await states(directors.first)).toEqual(new Set(['master']));
      expect(await states(directors.second)).toEqual(new Set(['backup']));
    }, waiting);
  });

  afterAll(async () => {
    await directors.remove();
    rmSync(lastDumpsDirectory, { recursive: true });
  });

  it.each([
    ['first', 'master', 150],
    ['second', 'backup', 100],
  ] as const)('reads the same of the %s, a %s, from JSON and from text', async (which, state, priority) => {
    const { running, version, dumps } = await readerOf(directors[which]).ask();
    expect({ running, version, kinds: Object.keys(dumps) }).toEqual({
      running: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      kinds: ['json', 'data'],
    });
    const common = {
      interface: 'eth0',
      vrid: 51,
      state,
      wantedState: state,
      basePriority: priority,
      effectivePriority: priority,
      lastTransitionSeconds: expect.any(Number),
      counters: undefined,
    };
    const { instances } = parseKeepalivedData(dumps.data?.text ?? '');
    expect(instances.slice(0, 2)).toEqual([
      {
        ...common,
        name: 'VI_web',
        family: 'ipv4',
        addresses: [{ address: '10.9.0.100', interface: 'eth0', excluded: false }],
        settings: { version: 2, advertisementSeconds: 1, authentication: 'simple_password', unicastPeers: [] },
      },
      {
        ...common,
        name: 'VI_web6',
        family: 'ipv6',
        addresses: [{ address: 'fe80::9:100', interface: 'eth0', excluded: false }],
        settings: { version: 3, advertisementSeconds: 0.2, authentication: 'none', unicastPeers: [] },
      },
    ]);
    const fromJson = parseKeepalivedJson(dumps.json?.text ?? '').instances;
    expect(fromJson.map((instance) => ({ ...instance, counters: undefined }))).toEqual(instances.map(withoutPeers));
    const counter = state === 'master' ? 'advertisementsSent' : 'advertisementsReceived';
    for (const { counters } of fromJson) expect(counters?.[counter]).toBeGreaterThan(0);
  });

  it('gets new dumps at each reading, and no password', async () => {
    const { ask } = readerOf(directors.first);
    const [one, other] = [await ask(), await ask()];
    for (const kind of ['json', 'data'] as const) {
      expect(other.dumps[kind]?.modifiedSeconds).toBeGreaterThan(one.dumps[kind]?.modifiedSeconds ?? Number.NaN);
      expect(other.dumps[kind]?.text).not.toContain(password);
    }
  });

  it('gives no password away: not in a recording, nor in the log of one, nor by an error', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'lvs-exporter-secret-'));
    const lines: string[] = [];
    const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
    const reader = readerOf(directors.first);
    const host = createLinuxHost({ procfs: '/proc', keepalived: reader });
    const failing: Collector = {
      ...{ name: 'failing', help: '', metrics: [] },
      collect: async () => {
        throw new Error(JSON.stringify(await reader.keepalived()));
      },
    };
    const collectors = [keepalivedDumps, keepalived, failing];
    const { signal } = new AbortController();
    try {
      await record({ host, collectors, directory, intervalSeconds: 0.5, durationSeconds: 1, version: '', log, signal });
      const { collect } = createRunner({ collectors, host, log });
      lines.push(await render(await collect(10_000), 'text'));
      const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name));
      const texts = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'));
      expect(files.filter((file) => file.endsWith('keepalived.json'))).not.toEqual([]);
      expect([...texts, ...lines].filter((text) => text.includes(password))).toEqual([]);
      expect(lines.join()).toContain('auth_data');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('is asked for one dump of each kind by each run of the schedule, and for none by a scrape', async () => {
    const { namespace, log } = directors.first;
    const host = createLinuxHost({ procfs: '/proc', keepalived: readerOf({ namespace }) });
    const { run, collect } = createRunner({ collectors: [keepalivedDumps, keepalived], host, log: silent });
    const before = countDumps(log());
    for (let round = 1; round <= 3; round++) {
      await run(keepalivedDumps);
      for (let scrape = 0; scrape < 20; scrape++) await collect(10_000);
      expect(countDumps(log())).toEqual({ data: before.data + round, json: before.json + round, stats: before.stats });
    }
    const scraped = await render(await collect(10_000), 'text');
    expect(scraped).toContain('keepalived_up 1\n');
    expect(scraped).toContain('lvs_exporter_collector_success{collector="keepalived-dumps"} 1\n');
    expect(scraped).not.toContain(password);
  });

  it('never misses an instance in 1,000 readings while dumps are written', async () => {
    const { pid } = directors.first;
    const writing = setInterval(() => {
      for (const signal of [usr1, usr2, json]) process.kill(pid, signal);
    }, 2);
    const { read, requestDumps } = readerOf(directors.first);
    const all = { json: instanceNames, data: instanceNames, stats: instanceNames };
    const seen = new Set<string>();
    const times = new Set<number | undefined>();
    try {
      await expect.poll(async () => namesIn((await read()).dumps)).toEqual(all);
      for (let count = 0; count < 1000; count++) {
        const { dumps } = await read();
        seen.add(JSON.stringify(namesIn(dumps)));
        times.add(dumps.json?.modifiedSeconds);
      }
    } finally {
      clearInterval(writing);
      const isCalm = () =>
        requestDumps()
          .then(() => true)
          .catch(() => false);
      await expect.poll(isCalm).toBe(true);
    }
    expect([...seen]).toEqual([JSON.stringify(all)]);
    expect(times.size).toBeGreaterThan(1);
  });

  it('has every instance in each of 200 scrapes while it reloads its configuration', async () => {
    const { namespace, pid } = directors.first;
    const reader = readerOf({ namespace });
    const host = createLinuxHost({ procfs: '/proc', keepalived: reader });
    const { run, collect } = createRunner({ collectors: [keepalivedDumps, keepalived], host, log: silent });
    await run(keepalivedDumps);
    const seen = new Set<string>();
    for (let scrape = 0; scrape < 200; scrape++) {
      if (scrape % 20 === 0) signal(pid, 'SIGHUP');
      if (scrape % 10 === 5) await run(keepalivedDumps);
      const text = await render(await collect(10_000), 'text');
      const states = [...text.matchAll(/^keepalived_vrrp_state\{instance_name="(.*?)",.*vrid="(\d+)".*state="init"/gm)];
      seen.add(states.map(([, name, vrid]) => `${name} ${vrid}`).join());
    }
    const vrids = [51, 51, ...Array.from({ length: 18 }, (_, index) => index + 101)];
    expect([...seen]).toEqual([instanceNames.map((name, index) => `${name} ${vrids[index]}`).join()]);
    await expect
      .poll(() =>
        reader
          .requestDumps()
          .then(() => true)
          .catch(() => false),
      )
      .toBe(true);
  });

  it('has each address where the kernel has it, and not where it was removed by hand', async () => {
    const reader = readerOf(directors.first);
    const host = createLinuxHost({ procfs: '/proc', keepalived: reader });
    const inside = { ...host, addresses: host.enter(directors.first.namespace).addresses };
    await reader.requestDumps();
    expect(await readBound(inside)).toEqual(new Map([...bound('1')]));
    ip('-n', basename(directors.first.namespace), 'address', 'delete', '10.9.0.105/32', 'dev', 'eth0');
    ip('-n', basename(directors.first.namespace), 'address', 'add', '10.9.0.106/32', 'dev', 'lo');
    expect(await readBound(inside)).toEqual(
      new Map([...bound('1'), ['10.9.0.105', '0'], ['10.9.0.106 lo', 'elsewhere']]),
    );
    ip('-n', basename(directors.first.namespace), 'address', 'delete', '10.9.0.106/32', 'dev', 'lo');
    const other = { ...host, addresses: host.enter(directors.second.namespace).addresses };
    expect(await readBound(other)).toEqual(new Map([...bound('0')]));
  });

  it('announces what happens between two dumps, also after a reload, which creates the FIFO again', async () => {
    const fifo = listenToNotifyFifo({
      path: join(directors.second.folder, 'notify'),
      log: silent,
      checkMilliseconds: 10,
    });
    const countOf = (event: VrrpEvent) =>
      fifo.announcements().subjects.find(({ name }) => name === 'VI_101')?.counts[event] ?? 0;
    const cut = (isCut: boolean) =>
      ip('-n', basename(directors.first.namespace), 'link', 'set', 'eth0', isCut ? 'down' : 'up');
    try {
      expect(fifo.announcements()).toEqual({ listening: true, subjects: [], malformedLines: 0 });
      for (const round of [1, 2]) {
        cut(true);
        await expect.poll(() => countOf('fault')).toBe(round);
        cut(false);
        await expect.poll(() => countOf('backup')).toBeGreaterThanOrEqual(round);
        signal(directors.second.pid, 'SIGHUP');
        await expect.poll(() => directors.second.log().match(/Reload complete/g)?.length).toBe(round);
      }
      expect(fifo.announcements().malformedLines).toBe(0);
    } finally {
      fifo.close();
    }
  });

  it.each(['pid', 'vrrpPid'] as const)(
    'gives the old dumps with their old time while keepalived (%s) hangs',
    async (which) => {
      const { [which]: pid } = directors.second;
      const process = typeof pid === 'number' ? pid : pid();
      const { read, ask } = readerOf(directors.second);
      const before = await ask();
      signal(process, 'SIGSTOP');
      try {
        const hangs = `Expected keepalived, process ${process}, to take its last signal, which still waits`;
        await expect(ask()).rejects.toThrow(hangs);
        await expect(ask()).rejects.toThrow(hangs);
        expect(await read()).toEqual(before);
      } finally {
        signal(process, 'SIGCONT');
      }
      await expect
        .poll(async () => (await ask().catch(read)).dumps.json?.modifiedSeconds)
        .toBeGreaterThan(before.dumps.json?.modifiedSeconds ?? 0);
    },
  );

  it('fails with the cure where it is not privileged', async () => {
    process.seteuid?.(65_534);
    try {
      await expect(readerOf({ namespace: '/proc/self/ns/net' }).read()).rejects.toMatchObject({
        message: expect.stringMatching(
          /^Cannot read \/proc\/\d+\/ns\/net, which belongs to keepalived: run as root or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH$/,
        ),
        cause: { code: 'EACCES' },
      });
    } finally {
      process.seteuid?.(0);
    }
  });

  it.each([
    ['first', 'SIGKILL'],
    ['second', 'SIGTERM'],
  ] as const)('gives the last dumps of the %s after %s, and its instances are in no state', async (which, death) => {
    const { read, ask } = readerOf(directors[which]);
    const before = await ask();
    await directors[which].end(death);
    await expect.poll(read).toEqual({ daemon: '', running: false, dumps: before.dumps });
    const text = await render(await keepalived.collect(createHost({ keepalived: [await read()] })), 'text');
    const values = text.split('\n').filter((line) => /^keepalived_(up|vrrp_state)/.test(line));
    expect(values.map((line) => line.split(' ')[1])).toEqual(Array(1 + 6 * instanceNames.length).fill('0'));
  });

  it('fails as absent where no keepalived runs', async () => {
    await expect(readerOf(directors.first).read()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

function signal(pid: number, name: NodeJS.Signals): void {
  process.kill(pid, name);
}
