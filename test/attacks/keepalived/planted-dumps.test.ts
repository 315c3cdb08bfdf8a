import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeepalivedReader } from '../../../src/host/host.ts';
import { createKeepalivedReader } from '../../../src/keepalived/reader.ts';
import { parseKeepalivedData } from '../../../src/parsers/keepalived/data.ts';
import { parseKeepalivedJson } from '../../../src/parsers/keepalived/json.ts';
import {
  createWire,
  type Director,
  neededByDirectors,
  startKeepalived,
  type Wire,
} from '../../keepalived/directors.ts';
import { readDump } from '../../keepalived/fixtures.ts';

/** As with conditional lines, which leave open how the dumps are named. */
const configuration = `@never instance lvs
vrrp_instance VI_1 {
  interface eth0
  version 3
  advert_int 0.2
  virtual_router_id 11
  virtual_ipaddress {
    10.9.0.11/32
  }
}
`;

const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];

describe('files of a stranger beside the dumps of a real keepalived', neededByDirectors, () => {
  let wire: Wire;
  let director: Director;
  let reader: KeepalivedReader;

  /** What a stranger does in the directory of the dumps. */
  function plant(script: string): void {
    execFileSync('setpriv', [...asNobody, 'sh', '-c', script], { cwd: director.folder });
  }

  async function observe() {
    const [{ running, dumps } = { running: false, dumps: {} }, ...others] = await reader.keepalived();
    return {
      running,
      others: others.length,
      kinds: Object.keys(dumps).sort(),
      json: parseKeepalivedJson(dumps.json?.text ?? '[]').instances.map(({ name, state }) => `${name} ${state}`),
      data: parseKeepalivedData(dumps.data?.text ?? '').instances.map(({ name, state }) => `${name} ${state}`),
    };
  }

  const unharmed = { running: true, others: 0, kinds: ['data', 'json'], json: ['VI_1 master'], data: ['VI_1 master'] };

  /** Of one that asked, and of one that only reads. */
  async function expectUnharmed(): Promise<void> {
    await reader.requestDumps();
    expect(await observe()).toEqual(unharmed);
    reader = createKeepalivedReader({ procfs: '/proc', networkNamespace: director.namespace });
    expect(await observe()).toEqual(unharmed);
  }

  beforeEach(async () => {
    wire = createWire();
    chmodSync(wire.folder, 0o755);
    director = startKeepalived(wire.names[0], join(wire.folder, 'only'), configuration, 'export TMPDIR="$PWD"');
    // As /tmp.
    chmodSync(director.folder, 0o1777);
    reader = createKeepalivedReader({ procfs: '/proc', networkNamespace: director.namespace });
    const ask = () => reader.requestDumps().then(observe);
    await expect.poll(() => ask().catch(() => undefined)).toEqual(unharmed);
  });

  afterEach(async () => {
    await director.end('SIGKILL');
    wire.remove();
  });

  it.each([
    ['a FIFO', 'mkfifo keepalived.stats keepalived_check.data keepalived.x.data'],
    ['a symbolic link', 'ln -s /etc/shadow keepalived.stats; ln -s keepalived.data keepalived.x.data'],
    ['a device through a link', 'ln -s /dev/zero keepalived.stats'],
    ['a sparse file of 500 MB', 'truncate -s 500M keepalived.stats keepalived.x.data keepalived_check.data'],
    ['2,000 files with names of instances', 'for i in $(seq 2000); do echo x > keepalived.$i.data; done'],
    ['a directory', 'mkdir keepalived.stats keepalived.x.data'],
  ])('%s changes nothing', async (_what, script) => {
    plant(script);
    await expectUnharmed();
  });

  it('a dump that is younger, and written again and again, is never served', async () => {
    writeFileSync(join(wire.folder, 'backup'), readDump('2.2.7/backup', 'data'));
    const loop = 'for i in $(seq 400); do cat ../backup > keepalived.x.data; sleep 0.008; done';
    const writer: ChildProcess = spawn('setpriv', [...asNobody, 'sh', '-c', loop], { cwd: director.folder });
    try {
      for (let scrape = 0; scrape < 60; scrape++) {
        reader = createKeepalivedReader({ procfs: '/proc', networkNamespace: director.namespace });
        expect(await observe()).toEqual(unharmed);
      }
    } finally {
      writer.kill();
      await once(writer, 'exit');
    }
  });
});

describe('a dump without a keepalived', neededByDirectors, () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-planted-'));
    chmodSync(folder, 0o777);
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'namespace'), '');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (lastDumpsDirectory?: string) =>
    createKeepalivedReader({
      procfs: '/proc',
      networkNamespace: join(folder, 'namespace'),
      lastDumpsDirectory,
    }).keepalived();

  it('is not read where no directory is named', async () => {
    writeFileSync(join(folder, 'keepalived.json'), readDump('2.2.7/master', 'json'));
    await expect(read()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await read(folder)).toMatchObject([{ running: false, dumps: { json: expect.anything() } }]);
  });

  it("is not trusted in a named directory if it is a stranger's", async () => {
    writeFileSync(join(folder, 'sub', 'master'), readDump('2.2.7/master', 'json'));
    execFileSync('setpriv', [...asNobody, 'cp', 'sub/master', 'keepalived.json'], { cwd: folder });
    await expect(read(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
