import { chmod, lchown, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLinuxHost } from '../../src/host/linux-host.ts';
import { createLog } from '../../src/log/log.ts';
import { createAnonymize } from '../../src/recording/anonymize.ts';
import { createFrameWriter } from '../../src/recording/frame-writer.ts';
import { record } from '../../src/recording/record.ts';
import type { Collector } from '../../src/scrape/collector.ts';
import { needs } from '../needs.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvs-record-'));
});

afterEach(() => rm(folder, { recursive: true }));

const log = createLog({ level: 'error', format: 'json', write: () => undefined });

const keepalived = { keepalived: () => Promise.reject(new Error('none')), requestDumps: async () => undefined };
const host = createLinuxHost({ procfs: '/proc', keepalived });

function recordTo(directory: string, meanwhile = async () => {}): Promise<void> {
  const version: Collector = {
    name: 'version',
    help: '',
    metrics: [],
    async collect(machine) {
      await machine.readFile('/proc/version');
      await meanwhile();
      return [];
    },
  };
  const { signal } = new AbortController();
  const times = { intervalSeconds: 1, durationSeconds: 1 };
  return record({ host, collectors: [version], directory, ...times, version: '1', log, signal });
}

describe('record', () => {
  it('writes files that only their owner can read', async () => {
    const directory = join(folder, 'a/b');
    await recordTo(directory);
    const names = await readdir(directory, { recursive: true });
    const modes = await Promise.all(
      ['', ...names].map(async (name) => (await lstat(join(directory, name))).mode & 0o077),
    );
    expect(names).toContain('recording.json');
    expect(modes.filter((mode) => mode !== 0)).toEqual([]);
  });

  it('refuses a folder that others can write to', async () => {
    const directory = join(folder, 'open');
    await mkdir(directory);
    await chmod(directory, 0o777);
    await expect(recordTo(directory)).rejects.toThrow(`Cannot record to "${directory}"`);
  });

  it('refuses a link in place of the folder', async () => {
    await mkdir(join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'link'));
    await expect(recordTo(join(folder, 'link'))).rejects.toThrow(`Cannot record to "${join(folder, 'link')}"`);
  });

  it('refuses a link of another user above the folder', needs('root'), async () => {
    await mkdir(join(folder, 'elsewhere/empty'), { recursive: true });
    await symlink(join(folder, 'elsewhere'), join(folder, 'link'));
    await lchown(join(folder, 'link'), 65_534, 65_534);
    for (const name of ['empty', 'new']) {
      await expect(recordTo(join(folder, 'link', name))).rejects.toThrow('is a link of another user');
    }
    expect((await lstat(join(folder, 'elsewhere/empty'))).mode & 0o777).toBe(0o755);
    expect(await readdir(join(folder, 'elsewhere'))).toEqual(['empty']);
  });

  it('goes on in its folder when another one is put in its place', async () => {
    const [directory, moved, elsewhere] = [join(folder, 'to'), join(folder, 'moved'), join(folder, 'elsewhere')];
    await mkdir(elsewhere);
    await recordTo(directory, async () => {
      await rename(directory, moved);
      await symlink(elsewhere, directory);
    });
    expect(await readdir(elsewhere)).toEqual([]);
    expect(await readdir(moved, { recursive: true })).toContain('000000.0/frame.json');
  });

  it('ends at once where the kernel makes no folders', async () => {
    await expect(recordTo('/proc/nowhere/recording')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a recording has no address of a client', () => {
  const flow =
    'ipv4     2 tcp      6 113 SYN_SENT src=192.0.2.7 dst=10.0.0.100 sport=5 dport=80 [UNREPLIED] src=10.0.0.100 dst=192.0.2.7 sport=80 dport=5 mark=0 use=2\n';

  it('in a text that was read before the table, which shows who is a client', async () => {
    const writer = createFrameWriter(folder, createAnonymize());
    writer.keep('/commands/iptables-save-raw', '-A OUTPUT -d 192.0.2.7/32 -j CT --zone 1\n');
    writer.keep('/proc/net/nf_conntrack', flow);
    await writer.finish();
    const text = await readFile(join(folder, '000000.0/commands/iptables-save-raw'), 'utf8');
    expect(text).toContain('CT --zone 1');
    expect(text).not.toContain('192.0.2.7');
  });

  it('in the table of another network namespace', () => {
    expect(createAnonymize()('/netns/qrouter-1/proc/net/nf_conntrack', flow)).not.toContain('192.0.2.7');
  });

  it.each([
    [
      '/proc/net/arp',
      'IP address       HW type     Flags       HW address            Mask     Device\n192.0.2.7        0x1         0x2         fa:16:3e:12:34:56     *        eth0\n',
    ],
    [
      '/commands/iptables-save-raw',
      '*raw\n-A PREROUTING -s 192.0.2.7/32 -m comment --comment "ask ada@example.org" -m mac --mac-source FA:16:3E:12:34:56 -j CT --zone 1\n',
    ],
  ])('in %s', (path, text) => {
    const anonymize = createAnonymize();
    anonymize('/proc/net/nf_conntrack', flow);
    const anonymized = anonymize(path, text);
    expect(anonymized).not.toMatch(/192\.0\.2\.7|fa:16:3e:12:34:56|ada@example/i);
    expect(anonymized).toMatch(/198\.18\.0\.1\b/);
    expect(anonymized).toMatch(/02:00:00:00:00:01/);
  });

  it('and joins a neighbour with its port still', () => {
    const anonymize = createAnonymize();
    const mac = (text: string) => /(?:[\da-f]{2}:){5}[\da-f]{2}/.exec(text)?.[0];
    const neighbour = mac(anonymize('/proc/net/arp', '10.0.0.5 0x1 0x2 fa:16:3e:12:34:56 * eth0\n'));
    expect(
      mac(
        anonymize(
          '/ovsdb/Open_vSwitch.json',
          '{"result":[{"rows":[{"external_ids":["map",[["attached-mac","FA:16:3E:12:34:56"]]]}]}],"error":null}',
        ),
      ),
    ).toBe(neighbour);
  });
});
