import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from './needs.ts';
import { runProgram } from './program.ts';

const recording = '--replay=test/fixtures/lab/director1';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-metrics-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('lvs-exporter metrics', () => {
  it('writes the metrics of every collector once, and none of its own process', async () => {
    const { code, stdout, stderr } = await runProgram('metrics', recording, '--no-collector.network');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of ['lvs_exporter_build_info', 'ipvs_virtual_server_real_servers', 'keepalived_vrrp_state']) {
      expect(stdout).toMatch(new RegExp(`^${name}\\{`, 'm'));
    }
    expect(stdout).toMatch(/^conntrack_scan_/m);
    expect(stdout).not.toContain('collector="network"');
    // The textfile collector would refuse names that node_exporter has itself.
    expect(stdout).not.toMatch(/^(process|nodejs|node|go)_/m);
  });

  it('replaces a file with what promtool accepts', needs('promtool'), async () => {
    const file = join(folder, 'lvs.prom');
    expect(await runProgram('metrics', recording, `--output=${file}`)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(folder)).toEqual(['lvs.prom']);
    const input = readFileSync(file);
    expect(() => execFileSync('promtool', ['check', 'metrics'], { input, stdio: 'pipe' })).not.toThrow();
  });

  it('ends with 1 where it cannot write', async () => {
    const { code, stderr } = await runProgram('metrics', recording, `--output=${folder}/none/lvs.prom`);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Cannot write') });
  });
});

describe('lvs-exporter check-web-config', () => {
  it('names every file, and ends with 1 if one of them would be refused', async () => {
    const bad = join(folder, 'none.yml');
    const good = join(folder, 'empty.yml');
    writeFileSync(good, '');
    const { code, stdout, stderr } = await runProgram('check-web-config', good, bad);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${good} SUCCESS\n` });
    expect(stderr).toContain(`${bad} FAILED: `);
    expect((await runProgram('check-web-config', 'docs/web-configuration.md')).code).toBe(1);
    expect((await runProgram('check-web-config', good)).code).toBe(0);
  });
});
