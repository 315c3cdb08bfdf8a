import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCollectors, defaultSettings } from '../../../src/collectors/index.ts';
import type { Host } from '../../../src/host/host.ts';
import { readFlows } from '../../../src/host/linux-flows.ts';
import { createLinuxHost } from '../../../src/host/linux-host.ts';
import { readRegularParts } from '../../../src/host/regular-file.ts';
import { listSamples } from '../../../src/scrape/columns.ts';
import { type Outcome, startRun } from '../../../src/scrape/run.ts';
import { labRecordings } from '../../fixtures.ts';
import { plants } from './plants.ts';

/** What the recorded director does not have. */
const furtherFiles = {
  'net/route':
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\neth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n',
  'net/ip_vs_conn_sync':
    'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\nTCP C0A80001 C350 0A000064 0050 0A00000B 0050 ESTABLISHED LOCAL      880\n',
  'sys/net/ipv4/conf/eth0/rp_filter': '1\n',
  'sys/net/ipv4/conf/all/rp_filter': '1\n',
};

const folder = mkdtempSync(join(tmpdir(), 'lvs-every-file-'));
const procfs = join(folder, 'proc');
const fileOf = (path: string) => path.replace(/^\/proc/, procfs);

const absent = async () => {
  throw Object.assign(new Error('ENOENT: none'), { code: 'ENOENT' });
};

/** The files of the folder alone: nothing over netlink. `note` gets what is read. */
function createFolderHost(note: (path: string) => void): Host {
  const keepalived = { keepalived: absent, requestDumps: async () => undefined };
  const real = createLinuxHost({ procfs, keepalived });
  const table = '/proc/net/nf_conntrack';
  return {
    ...real,
    readFile: (path) => {
      note(path);
      return real.readFile(path);
    },
    readParts: (path, take) => {
      note(path);
      return real.readParts(path, take);
    },
    flows: (visit, options) => {
      note(table);
      const openProcfs = () => readRegularParts(fileOf(table));
      return readFlows({ namespace: join(folder, 'none'), openProcfs }, visit, options);
    },
    conntrackCounters: absent,
    ipvs: absent,
    addresses: absent,
    openVSwitch: absent,
  };
}

interface Reading {
  readonly outcome: Outcome;
  readonly files: ReadonlySet<string>;
}

/** What each collector makes of the folder. */
async function readAll(): Promise<ReadonlyMap<string, Reading>> {
  const readings = createCollectors(defaultSettings).map(async (collector) => {
    const files = new Set<string>();
    const { outcome } = startRun(
      collector,
      createFolderHost((path) => files.add(path)),
    );
    return [collector.name, { outcome: await outcome, files }] as const;
  });
  return new Map(await Promise.all(readings));
}

function describeOutcome({ state, samples, error }: Outcome): string {
  return JSON.stringify([state, error?.message, [...new Set(listSamples(samples).map(({ metric }) => metric.name))]]);
}

const isSame = (one: Outcome | undefined, other: Outcome) => one && describeOutcome(one) === describeOutcome(other);

/** Of the settings, which are read alike, some. */
function isTried(path: string, index: number): boolean {
  return !path.startsWith('/proc/sys/') || /_(?:max|count)$/.test(path) || index % 30 === 0;
}

describe('in place of each file that the exporter reads', () => {
  let before: ReadonlyMap<string, Reading>;
  let paths: readonly string[];

  beforeAll(async () => {
    cpSync(join(labRecordings, 'director1/000000.0/proc'), procfs, { recursive: true });
    const table = join(procfs, 'net/nf_conntrack');
    writeFileSync(table, readFileSync(table, 'utf8').split('\n').slice(0, 100).join('\n').concat('\n'));
    for (const [path, text] of Object.entries(furtherFiles)) {
      mkdirSync(dirname(join(procfs, path)), { recursive: true });
      writeFileSync(join(procfs, path), text);
    }
    before = await readAll();
    const read = [...new Set([...before.values()].flatMap(({ files }) => [...files]))];
    paths = read.filter((path) => path.startsWith('/proc/') && existsSync(fileOf(path))).filter(isTried);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('has files of most collectors', () => {
    const states = [...before].map(([name, { outcome }]) => `${name} ${outcome.state}`);
    expect(states.filter((one) => one.endsWith(' worked')).length).toBeGreaterThan(5);
    expect(paths.length).toBeGreaterThan(10);
  });

  it.each(plants)('%s: only what needs the file is lost, with an error that names it', async (_what, plant) => {
    for (const path of paths) {
      const file = fileOf(path);
      cpSync(file, join(folder, 'saved'));
      rmSync(file);
      plant(file);
      const after = await readAll();
      rmSync(file, { recursive: true });
      cpSync(join(folder, 'saved'), file);
      const lost = [...after].filter(([name, { outcome }]) => !isSame(before.get(name)?.outcome, outcome));
      const readers = [...before].filter(([, { files }]) => files.has(path)).map(([name]) => name);
      expect([path, readers]).toEqual([path, expect.arrayContaining(lost.map(([name]) => name))]);
      expect([path, lost.length]).not.toEqual([path, 0]);
      for (const [, { outcome }] of lost) {
        expect([path, outcome.error?.message]).toEqual([path, expect.stringContaining(basename(path))]);
      }
    }
  });
});
