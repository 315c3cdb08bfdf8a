import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keepalived } from '../../src/collectors/keepalived.ts';
import { render } from '../../src/exposition.ts';
import type { Keepalived } from '../../src/host.ts';
import { createKeepalivedReader } from '../../src/keepalived/reader.ts';
import { parseKeepalivedData } from '../../src/parsers/keepalived-data.ts';
import { parseKeepalivedJson } from '../../src/parsers/keepalived-json.ts';
import { parseKeepalivedStats } from '../../src/parsers/keepalived-stats.ts';
import { createHost } from '../machine.ts';
import { canMakeDirectors, createDirectors, type Director, instanceNames, password } from './directors.ts';

const usr1 = 10;
const usr2 = 12;
const json = 36;

const patient = { timeout: 20_000 };

let lastDumpsDirectory: string;
let directors: Awaited<ReturnType<typeof createDirectors>>;

function createReader({ namespace }: Pick<Director, 'namespace'>, requestDumps = true): () => Promise<Keepalived> {
  return createKeepalivedReader({
    procfs: '/proc',
    requestDumps,
    networkNamespace: namespace,
    lastDumpsDirectory,
    timeoutMilliseconds: 1000,
    sleep: () => setTimeout(1),
  });
}

const statesOf = ({ dumps }: Keepalived) =>
  new Set(parseKeepalivedJson(dumps.json?.text ?? '').map(({ state }) => state));

describe.runIf(canMakeDirectors())('createKeepalivedReader() of real directors', () => {
  beforeAll(async () => {
    lastDumpsDirectory = mkdtempSync(join(tmpdir(), 'lvs-exporter-last-'));
    directors = await createDirectors();
    const states = async (director: Director) => statesOf(await createReader(director)());
    await vi.waitFor(async () => {
      expect(await states(directors.first)).toEqual(new Set(['master']));
      expect(await states(directors.second)).toEqual(new Set(['backup']));
    }, 30_000);
  });

  afterAll(async () => {
    await directors.remove();
    rmSync(lastDumpsDirectory, { recursive: true });
  });

  it.each([
    ['first', 'master', 150],
    ['second', 'backup', 100],
  ] as const)('reads the same of the %s, a %s, from JSON and from text', async (which, state, priority) => {
    const { running, version, dumps } = await createReader(directors[which])();
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
      },
      {
        ...common,
        name: 'VI_web6',
        family: 'ipv6',
        addresses: [{ address: 'fe80::9:100', interface: 'eth0', excluded: false }],
      },
    ]);
    const fromJson = parseKeepalivedJson(dumps.json?.text ?? '');
    expect(fromJson.map((instance) => ({ ...instance, counters: undefined }))).toEqual(instances);
    const counter = state === 'master' ? 'advertisementsSent' : 'advertisementsReceived';
    for (const { counters } of fromJson) expect(counters?.[counter]).toBeGreaterThan(0);
  });

  it('gets new dumps at each reading, and no password', async () => {
    const read = createReader(directors.first);
    const [one, other] = [await read(), await read()];
    for (const kind of ['json', 'data'] as const) {
      expect(other.dumps[kind]?.modifiedSeconds).toBeGreaterThan(one.dumps[kind]?.modifiedSeconds ?? Number.NaN);
      expect(other.dumps[kind]?.text).not.toContain(password);
    }
  });

  it('never misses an instance in 1,000 readings while dumps are written', async () => {
    const { pid } = directors.first;
    const writing = setInterval(() => {
      for (const signal of [usr1, usr2, json]) process.kill(pid, signal);
    }, 2);
    const read = createReader(directors.first, false);
    const all = { json: instanceNames, data: instanceNames, stats: instanceNames };
    const seen = new Set<string>();
    const times = new Set<number | undefined>();
    try {
      await expect.poll(async () => namesIn((await read()).dumps), patient).toEqual(all);
      for (let count = 0; count < 1000; count++) {
        const { dumps } = await read();
        seen.add(JSON.stringify(namesIn(dumps)));
        times.add(dumps.json?.modifiedSeconds);
      }
    } finally {
      clearInterval(writing);
    }
    expect([...seen]).toEqual([JSON.stringify(all)]);
    expect(times.size).toBeGreaterThan(1);
  }, 300_000);

  it.each(['pid', 'vrrpPid'] as const)(
    'gives the old dumps with their old time while keepalived (%s) hangs',
    async (which) => {
      const { [which]: pid } = directors.second;
      const process = typeof pid === 'number' ? pid : pid();
      const read = createReader(directors.second);
      const before = await read();
      signal(process, 'SIGSTOP');
      try {
        expect(await read()).toEqual(before);
        expect(await read()).toEqual(before);
      } finally {
        signal(process, 'SIGCONT');
      }
      await expect
        .poll(async () => (await read()).dumps.json?.modifiedSeconds, patient)
        .toBeGreaterThan(before.dumps.json?.modifiedSeconds ?? 0);
    },
  );

  it('fails with the cure where it is not privileged', async () => {
    process.seteuid?.(65_534);
    try {
      await expect(createReader({ namespace: '/proc/self/ns/net' })()).rejects.toMatchObject({
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
    const read = createReader(directors[which]);
    const before = await read();
    await directors[which].end(death);
    await expect.poll(read, patient).toEqual({ running: false, dumps: before.dumps });
    const text = await render(await keepalived.collect(createHost({ keepalived: await read() })), 'text');
    const values = text.split('\n').filter((line) => /^keepalived_(up|vrrp_state)/.test(line));
    expect(values.map((line) => line.split(' ')[1])).toEqual(Array(1 + 6 * instanceNames.length).fill('0'));
  });

  it('fails as absent where no keepalived runs', async () => {
    await expect(createReader(directors.first)()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

function signal(pid: number, name: NodeJS.Signals): void {
  process.kill(pid, name);
}

function namesIn({ json, data, stats }: Keepalived['dumps']) {
  return {
    json: json && parseKeepalivedJson(json.text).map(({ name }) => name),
    data: data && parseKeepalivedData(data.text).instances.map(({ name }) => name),
    stats: stats && [...parseKeepalivedStats(stats.text).keys()],
  };
}
