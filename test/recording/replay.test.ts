import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { createFrameWriter } from '../../src/recording/frame-writer.ts';
import { createRecordingHost } from '../../src/recording/recording-host.ts';
import { openReplay } from '../../src/recording/replay-host.ts';
import { createChangingHost, createHost, type Machine, systemError } from '../machine.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-recording-'));
});

afterEach(() => rm(directory, { recursive: true }));

const platform = {
  manufacturer: 'OpenStack Foundation',
  model: 'Nova',
  virtual: true,
  virtualHost: 'KVM',
};
const dump = (text: string, modifiedSeconds: number) => ({ text, modifiedSeconds });

/** The machine at 0, 5 and 10 seconds: IPVS is unloaded in between. */
const moments: readonly Machine[] = [
  {
    files: { '/proc/net/ip_vs': 'one\n', '/proc/same': 'same\n' },
    links: { '/proc/self/ns/net': 'net:[1]' },
    keepalived: [{ daemon: '', running: true, dumps: { json: dump('[1]', 1000), data: dump('data', 990) } }],
    platform,
  },
  { files: { '/proc/same': 'same\n' }, platform },
  {
    files: { '/proc/net/ip_vs': 'one\n', '/proc/same': 'same\n' },
    keepalived: [{ daemon: '', running: false, dumps: { json: dump('[2]', 1000) } }],
    platform,
  },
];

/** All that a Host can be asked, with what it gave or the code of its error. */
async function readAll(host: Host) {
  const codeOf = (error: NodeJS.ErrnoException) => error.code;
  const [ipVs, same, proc, link, keepalived, facts] = await Promise.all([
    host.readFile('/proc/net/ip_vs').catch(codeOf),
    host.readFile('/proc/same').catch(codeOf),
    host.listDirectory('/proc').catch(codeOf),
    host.readLink('/proc/self/ns/net').catch(codeOf),
    host.keepalived().catch(codeOf),
    host.platform().catch(codeOf),
  ]);
  return { ipVs, same, proc, link, keepalived, facts };
}

/** Records the three moments, 5 seconds apart, as begun at Unix time 1000, the first of them so many seconds later. */
async function recordMoments(firstSeconds = 0): Promise<void> {
  const about = { format: 1, version: '0', startedSeconds: 1000, everySeconds: 5 };
  await writeFile(join(directory, 'recording.json'), JSON.stringify(about));
  let current: Machine = {};
  const changing = createChangingHost(() => createHost(current));
  const writer = createFrameWriter(directory, (_path, text) => text);
  const recording = createRecordingHost(changing, writer);
  for (const [index, machine] of moments.entries()) {
    current = machine;
    writer.begin(firstSeconds + index * 5);
    await readAll(recording);
    await writer.finish();
  }
}

/** A replay whose clock stands where it is put, in seconds since it began at Unix time 5000. */
async function openAt(speed = 1) {
  let seconds = 0;
  const host = await openReplay(directory, { speed, now: () => (5000 + seconds) * 1000 });
  return (position: number) => {
    seconds = position;
    return readAll(host);
  };
}

describe('openReplay()', () => {
  it('gives at each moment what the machine gave', async () => {
    await recordMoments();
    const at = await openAt();
    const first = {
      ipVs: 'one\n',
      same: 'same\n',
      proc: ['net', 'same'],
      link: 'net:[1]',
      keepalived: [{ daemon: '', running: true, dumps: { json: dump('[1]', 5000), data: dump('data', 4990) } }],
      facts: platform,
    };
    expect(await at(0)).toEqual(first);
    expect(await at(4.9)).toEqual(first);
    expect(await at(5)).toEqual({ ...first, ipVs: 'ENOENT', proc: ['same'], link: 'ENOENT', keepalived: 'ENOENT' });
    expect(await at(12)).toEqual({
      ...first,
      link: 'ENOENT',
      keepalived: [{ daemon: '', running: false, dumps: { json: dump('[2]', 5000) } }],
    });
  });

  it('gives several keepaliveds, what they announced and the addresses of the interfaces', async () => {
    await recordMoments();
    const keepalived = ['/etc/keepalived/a.conf', '/etc/keepalived/b.conf'].map((daemon, index) => ({
      daemon,
      running: true,
      dumps: { json: dump(`[${index}]`, 1000 - index) },
    }));
    const subject = { type: 'instance', name: 'VI_1', counts: { master: 2 }, state: 'master', priority: 100 } as const;
    const announcements = {
      listening: true,
      malformedLines: 1,
      subjects: [{ ...subject, seconds: 999, transitionSeconds: 990 }],
    };
    const addresses = [{ interface: 'eth0', address: '10.0.0.100' }];
    const neighbours = [{ interface: 'eth0', address: 'fd00::2', answered: false }];
    const interfaceStatistics = [{ interface: 'eth0', driver: 'ena', counters: { conntrack_allowance_available: 7 } }];
    const writer = createFrameWriter(directory, (_path, text) => text);
    const recording = createRecordingHost(
      createHost({ keepalived, announcements, addresses, neighbours, interfaceStatistics }),
      writer,
    );
    writer.begin(0);
    await Promise.all([recording.keepalived(), recording.announcements(), recording.addresses()]);
    await recording.neighbours(['fd00::2']);
    await recording.interfaceStatistics(['eth0'], ['ena']);
    await recording.requestDumps();
    await writer.finish();
    const host = await openReplay(directory, { speed: 1, now: () => 5_000_000 });
    expect(await host.keepalived()).toEqual(
      keepalived.map((one, index) => ({ ...one, dumps: { json: dump(`[${index}]`, 5000 - index) } })),
    );
    expect(await host.announcements()).toEqual({
      ...announcements,
      subjects: [{ ...subject, seconds: 4999, transitionSeconds: 4990 }],
    });
    expect(await host.addresses()).toEqual(addresses);
    expect(await host.neighbours(['fd00::2'])).toEqual(neighbours);
    expect(await host.interfaceStatistics(['eth0'], ['ena'])).toEqual(interfaceStatistics);
    await expect(host.requestDumps()).resolves.toBeUndefined();
  });

  it('gives what the first recordings have of keepalived', async () => {
    await recordMoments();
    const path = join(directory, '000000.0', 'frame.json');
    const frame = JSON.parse(await readFile(path, 'utf8'));
    const { daemon: _daemon, ...first } = frame.keepalived[0];
    await writeFile(path, JSON.stringify({ ...frame, keepalived: first }));
    const host = await openReplay(directory, { speed: 1, now: () => 5_000_000 });
    expect(await host.keepalived()).toMatchObject([{ daemon: '', running: true, dumps: { json: { text: '[1]' } } }]);
    await expect(host.addresses()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(host.announcements()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('gives what netlink returned of IPVS, or its error', async () => {
    await recordMoments();
    const ipvs = {
      timeouts: { tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 },
      daemons: [{ role: 'master', interface: 'eth1', syncId: 7 }],
      services: [],
    } as const;
    const writer = createFrameWriter(directory, (_path, text) => text);
    writer.begin(0);
    await createRecordingHost(createHost({ ipvs }), writer).ipvs();
    await writer.finish();
    writer.begin(5);
    const refused = createHost({ ipvs: systemError('EPERM', 'operation not permitted') });
    await expect(createRecordingHost(refused, writer).ipvs()).rejects.toThrow('EPERM');
    await writer.finish();
    let seconds = 0;
    const host = await openReplay(directory, { speed: 1, now: () => seconds * 1000 });
    expect(await host.ipvs()).toEqual(ipvs);
    seconds = 5;
    await expect(host.ipvs()).rejects.toMatchObject({ code: 'EPERM' });
    const text = await readFile(join(directory, '000000.0/netlink/ipvs.json'), 'utf8');
    expect(text).toBe(`${JSON.stringify(ipvs, undefined, 2)}\n`);
  });

  it('gives a long file part by part, and does not take the beginning of one for all of it', async () => {
    await recordMoments();
    const path = '/proc/net/ip_vs_conn_sync';
    const row = `${'x'.repeat(79)}\n`;
    const record = async (seconds: number, rows: number, takes: boolean) => {
      const writer = createFrameWriter(directory, (_path, text) => text);
      writer.begin(seconds);
      const machine = createHost({ files: { [path]: row.repeat(rows) } });
      await createRecordingHost(machine, writer).readParts(path, () => takes);
      await writer.finish();
    };
    await record(0, 10, true);
    await record(5, 10, false);
    await record(10, 30_000, true);
    let seconds = 0;
    const host = await openReplay(directory, { speed: 1, now: () => seconds * 1000 });
    const read = async () => {
      let text = '';
      const complete = await host.readParts(path, (part) => {
        text += part;
        return true;
      });
      return { rows: text.length / row.length, complete };
    };
    expect(await read()).toEqual({ rows: 10, complete: true });
    seconds = 5;
    expect(await read()).toEqual({ rows: 1, complete: false });
    seconds = 10;
    const { rows, complete } = await read();
    expect(complete).toBe(false);
    expect(rows).toBe((Math.ceil(2 ** 21 / 100) * 100) / 80);
    expect(await host.readParts(path, () => false)).toBe(false);
  });

  it('begins again after its end', async () => {
    await recordMoments();
    const at = await openAt();
    expect((await at(14.9)).ipVs).toBe('one\n');
    expect((await at(21)).ipVs).toBe('ENOENT');
  });

  it('gives the first moment from the beginning of each round, though the machine was read later', async () => {
    await recordMoments(0.5);
    const at = await openAt();
    expect((await at(0)).ipVs).toBe('one\n');
    expect((await at(15.6)).ipVs).toBe('one\n');
  });

  it('is faster on request', async () => {
    await recordMoments();
    const at = await openAt(10);
    expect((await at(0.4)).ipVs).toBe('one\n');
    expect((await at(0.5)).ipVs).toBe('ENOENT');
    // At 1.2 s the recording is at 12 s and the dump 12 s old: at ten times the speed, 1.2 s.
    expect((await at(1.2)).keepalived).toEqual([{ daemon: '', running: false, dumps: { json: dump('[2]', 5000) } }]);
  });

  it('leaves out a moment that was not completed', async () => {
    await recordMoments();
    await rm(join(directory, '000005.0', 'frame.json'));
    expect((await (await openAt())(5)).ipVs).toBe('one\n');
  });

  it.each([
    ['a folder without recording.json', undefined, '(no recording.json)'],
    ['a recording without a reading', '{"format":1,"startedSeconds":1,"everySeconds":1}', '(no frame.json)'],
    ['a damaged recording', '{', 'not JSON'],
    ['a recording of another format', '{"format":2}', 'expected format 1, got 2'],
  ])('refuses %s', async (_what, about, reason) => {
    if (about !== undefined) await writeFile(join(directory, 'recording.json'), about);
    await expect(openReplay(directory, { speed: 1 })).rejects.toThrow(
      new RegExp(`^Cannot replay "${directory}(/recording.json)?": .*${reason.replaceAll(/[()]/g, '.')}$`),
    );
  });
});

describe('createRecordingHost()', () => {
  it('writes plain files, and only what changed', async () => {
    await recordMoments();
    const files = await readdir(directory, { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
    expect(names.map((name) => name.slice(directory.length + 1)).sort()).toEqual([
      '000000.0/frame.json',
      '000000.0/keepalived/keepalived.data',
      '000000.0/keepalived/keepalived.json',
      '000000.0/proc/net/ip_vs',
      '000000.0/proc/same',
      '000005.0/frame.json',
      '000010.0/frame.json',
      '000010.0/keepalived/keepalived.json',
      '000010.0/proc/net/ip_vs',
      'recording.json',
    ]);
    expect(await readFile(join(directory, '000010.0/proc/net/ip_vs'), 'utf8')).toBe('one\n');
  });

  it('anonymizes before it writes, and not from the reader', async () => {
    const host = createHost({ files: { '/proc/secret': 'a client' } });
    const writer = createFrameWriter(directory, (path, text) => `${path}: ${text.length}`);
    writer.begin(0);
    expect(await createRecordingHost(host, writer).readFile('/proc/secret')).toBe('a client');
    await writer.finish();
    expect(await readFile(join(directory, '000000.0/proc/secret'), 'utf8')).toBe('/proc/secret: 8');
  });

  it('reports at the end of a reading that a file could not be written', async () => {
    await writeFile(join(directory, '000000.0'), 'in the way');
    const writer = createFrameWriter(directory, (_path, text) => text);
    writer.begin(0);
    await createRecordingHost(createHost({ files: { '/proc/same': '' } }), writer).readFile('/proc/same');
    await expect(writer.finish()).rejects.toThrow('ENOTDIR');
  });
});
