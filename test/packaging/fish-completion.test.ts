import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fishCompletion } from '../../packaging/fish-completion.ts';
import { needs } from '../needs.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-fish-'));
  writeFileSync(join(folder, 'completion.fish'), fishCompletion());
  writeFileSync(join(folder, 'web.yml'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What fish offers for each of these command lines, without the descriptions. */
function complete(lines: readonly string[]): string[][] {
  const script = `source completion.fish\nfor line in $argv\necho "=$line"\ncomplete -C "$line"\nend`;
  const output = execFileSync('fish', ['--no-config', '-c', script, '--', ...lines], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: folder },
  });
  const sections = output.split(/^=.*\n/m).slice(1);
  return sections.map((section) => section.split('\n').flatMap((line) => line.split('\t')[0] || []));
}

describe('fishCompletion()', needs('fish'), () => {
  it('offers commands, options, values and files', () => {
    const cases: [string, string[]][] = [
      ['lvs-exporter diag', ['diagnose']],
      ['lvs-exporter --web.t', ['--web.telemetry-path']],
      ['lvs-exporter --no-collector.pl', ['--no-collector.platform']],
      ['lvs-exporter --log.format=', ['--log.format=json', '--log.format=logfmt']],
      ['lvs-exporter --web.config.file=w', ['--web.config.file=web.yml']],
      ['lvs-exporter metrics --outp', ['--output']],
      ['lvs-exporter metrics dia', []],
      ['lvs-exporter check-web-config w', ['web.yml']],
    ];
    const offered = complete(cases.map(([line]) => line));
    expect(offered.map((words) => words.sort())).toEqual(cases.map(([, words]) => words));
  });
});
