import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/cli/options/config.ts';
import { needs } from '../needs.ts';

const run = promisify(execFile);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-unit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** systemd's figure for how much is open to the unit, with an addition to it. */
async function exposure(addition?: string): Promise<number> {
  const directory = join(folder, addition ?? 'alone');
  const additions = join(directory, 'lvs-exporter.service.d');
  mkdirSync(additions, { recursive: true });
  copyFileSync('packaging/lvs-exporter.service', join(directory, 'lvs-exporter.service'));
  if (addition !== undefined) copyFileSync(`packaging/${addition}.conf`, join(additions, `${addition}.conf`));
  const words = ['security', '--offline=true', '--no-pager', './lvs-exporter.service'];
  const { stdout } = await run('systemd-analyze', words, { cwd: directory });
  return Number(/Overall exposure level.*: ([\d.]+)/.exec(stdout)?.[1]);
}

describe('what is open to the unit, of 10', needs('systemd-analyze'), () => {
  it('is little', async () => {
    expect(await exposure()).toBeLessThanOrEqual(1.5);
  });

  it.each([
    ['unprivileged', 0.8],
    ['namespaces', 1.8],
    ['keepalived', 2.2],
  ])('with %s.conf matches the documentation', async (addition, documented) => {
    expect(await exposure(addition)).toBe(documented);
    expect(readFileSync('docs/install.md', 'utf8')).toMatch(
      new RegExp(`^\\| ${addition}\\.conf .*\\| ${documented} \\|`, 'm'),
    );
  });
});

describe('the command lines of the unit', () => {
  it.each(['lvs-exporter.service', 'unprivileged.conf'])('are understood: %s', (file) => {
    const text = readFileSync(`packaging/${file}`, 'utf8').replaceAll('\\\n', '');
    const [, words = ''] = /^ExecStart=\/usr\/bin\/lvs-exporter (.*) \$ARGS$/m.exec(text) ?? [];
    expect(readConfig(words.split(/\s+/))).toMatchObject({ command: 'serve', systemdSocket: true });
  });
});
