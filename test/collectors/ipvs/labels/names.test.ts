import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIpvs } from '../../../../src/collectors/ipvs/ipvs.ts';
import { PartialFailure } from '../../../../src/scrape/partial-failure.ts';
import { createHost } from '../../../machine.ts';
import { collect, machine, virtualServer, web } from '../../ipvs-machine.ts';

let directory: string;
let namesFile: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lvs-exporter-names-'));
  namesFile = join(directory, 'names.yml');
});
afterEach(() => rmSync(directory, { recursive: true }));

const info = async (options: Parameters<typeof collect>[1]) =>
  (await collect(machine(web), options)).filter((line) => line.startsWith('ipvs_virtual_server_info'));
const called = (name: string) => [
  `ipvs_virtual_server_info{${virtualServer},scheduler="sh",flags="persistent"${name}} 1`,
];

describe('ipvs.collect()', () => {
  it('takes the name of a virtual server from the file, then from the group of keepalived', async () => {
    writeFileSync(namesFile, '10.0.0.101:80: web shop\n');
    const findGroup = () => 'web';
    expect(await info({ namesFile, findGroup })).toEqual(called(',name="web shop"'));
    expect(await info({ findGroup })).toEqual(called(',name="web"'));
    writeFileSync(namesFile, '10.0.0.102:80: other\n');
    expect(await info({ namesFile, findGroup })).toEqual(called(',name="web"'));
    expect(await info({ namesFile })).toEqual(called(''));
  });

  it('reads everything else while the file is not valid', async () => {
    writeFileSync(namesFile, 'web shop\n');
    const collector = createIpvs({ maxSeries: 9, aggregate: false, upstreamConntrackLimit: undefined, namesFile });
    const failure = await collector.collect(createHost(machine(web))).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartialFailure);
    expect(failure).toMatchObject({
      cause: { file: namesFile, line: 1 },
      samples: expect.arrayContaining([expect.objectContaining({ value: 2 })]),
    });
  });
});
