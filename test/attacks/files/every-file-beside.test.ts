import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPlatformFacts } from '../../../src/host/platform/platform-facts.ts';
import { openServiceNames } from '../../../src/host/service-names.ts';
import { createMachine } from '../../keepalived/process/fake-proc.ts';
import { plants } from './plants.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-beside-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Plants something in place of a file, for as long as `use` takes. */
async function planted<T>(plant: (path: string) => void, file: string, use: () => Promise<T>): Promise<T> {
  const saved = join(folder, 'saved');
  cpSync(file, saved, { preserveTimestamps: true });
  rmSync(file);
  plant(file);
  try {
    return await use();
  } finally {
    rmSync(file, { recursive: true });
    cpSync(saved, file, { preserveTimestamps: true });
  }
}

/** The files that show what a machine is. */
const traits = {
  'sys/class/dmi/id/product_name': 'OpenStack Nova\n',
  'sys/class/dmi/id/sys_vendor': 'OpenStack Foundation\n',
  'sys/class/dmi/id/board_vendor': 'x\n',
  'sys/class/dmi/id/bios_vendor': 'x\n',
  'sys/class/dmi/id/product_version': '1\n',
  'proc/cpuinfo': 'flags : hypervisor\n',
  'proc/sys/kernel/osrelease': '6.1.0\n',
  'sys/devices/system/clocksource/clocksource0/available_clocksource': 'tsc\n',
  'sys/hypervisor/type': '\n',
  'sys/hypervisor/properties/features': '0\n',
  'proc/xen/capabilities': '\n',
  'proc/device-tree/hypervisor/compatible': '\n',
  'proc/sysinfo': '\n',
};

describe.each(plants)('%s in place of', (_what, plant) => {
  it('each file of /sys and /proc that shows what a machine is costs the platform alone, with an error that names it', async () => {
    for (const [path, text] of Object.entries(traits)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const read = () => readPlatformFacts((path) => join(folder, path));
    expect(await read()).toMatchObject({ virtualHost: 'KVM' });
    for (const path of Object.keys(traits)) {
      await expect(planted(plant, join(folder, path), read)).rejects.toThrow(basename(path));
    }
  });

  it('each file of a keepalived and of its processes hangs nothing, and is forgotten afterwards', async () => {
    const machine = createMachine();
    try {
      machine.writeDump('json', 2_000_000_000);
      const observe = async () =>
        (await machine.createReader().keepalived()).map(({ running, dumps }) => [running, Object.keys(dumps)]);
      const usual = [[true, ['json']]];
      expect(await observe()).toEqual(usual);
      const entries = readdirSync(machine.procfs, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      expect(files.length).toBeGreaterThan(15);
      for (const file of files.filter((one) => !one.endsWith('/ns/net'))) {
        await planted(plant, file, () => observe().catch(String));
        expect([file, await observe()]).toEqual([file, usual]);
      }
    } finally {
      machine.remove();
    }
  });

  it('the names of virtual servers keeps the names that there were, with an error that names it', async () => {
    const file = join(folder, 'names.yml');
    writeFileSync(file, '10.0.0.100:80: shop\n');
    const names = openServiceNames(file);
    const service = { protocol: 'tcp', address: '10.0.0.100', port: '80', fwmark: '' };
    expect(names().find(service)).toBe('shop');
    const after = await planted(plant, file, async () => names());
    expect([after.find(service), after.problem?.message]).toEqual(['shop', expect.stringContaining('names.yml')]);
    expect(names().problem).toBe(undefined);
  });
});
