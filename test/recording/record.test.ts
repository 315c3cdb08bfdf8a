import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log/log.ts';
import { record } from '../../src/recording/record.ts';
import type { Collector } from '../../src/scrape/collector.ts';
import { createHost } from '../machine.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-record-'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('record()', () => {
  const log = createLog({ level: 'error', format: 'json', write: () => undefined });
  const collector = (collect: Collector['collect']): Collector => ({ name: 'test', help: '', metrics: [], collect });
  const options = (collect: Collector['collect'], signal = new AbortController().signal) => ({
    host: createHost({ files: { '/proc/same': 'same\n' } }),
    collectors: [collector(collect)],
    directory,
    intervalSeconds: 0.1,
    durationSeconds: 0.3,
    version: '1.2.3',
    log,
    signal,
  });

  it('records moment after moment, also of a collector that fails', async () => {
    await record(
      options(async (host) => {
        await host.readFile('/proc/same');
        await host.readFile('/proc/missing');
        return [];
      }),
    );
    const [, , third = '', ...rest] = (await readdir(directory)).sort();
    expect(rest).toEqual(['recording.json']);
    const frame = JSON.parse(await readFile(join(directory, third, 'frame.json'), 'utf8'));
    expect(frame).toEqual({
      seconds: expect.any(Number),
      errors: { '/proc/missing': 'ENOENT' },
      links: {},
      directories: {},
      flows: {},
      cut: [],
      counters: {},
    });
  });

  it('reads a collector that has a schedule no more often than scheduled', async () => {
    const reads: string[] = [];
    const noting = (name: string) => async () => {
      reads.push(name);
      return [];
    };
    const rare = { ...collector(noting('rare')), schedule: '0 0 * * * *' };
    await record({ ...options(noting('each')), collectors: [collector(noting('each')), rare] });
    expect(reads).toEqual(['each', 'rare', 'each', 'each']);
  });

  it('refuses a folder that is not empty', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(record(options(async () => []))).rejects.toThrow(`Cannot record to "${directory}"`);
  });

  it('stops on request, with the readings until then complete', async () => {
    const stop = new AbortController();
    let reads = 0;
    await record(
      options(async () => {
        if (++reads === 2) stop.abort();
        return [];
      }, stop.signal),
    );
    expect(await readdir(directory)).toHaveLength(['a moment', 'another', 'recording.json'].length);
  });
});
