import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chart, files, hashTemplates, type Recording, recording, release, variants } from './chart.ts';

// Records what the chart's templates make of each variant: `npx tsx test/charts/render.ts`, after a change of them. It needs
// Debian's packages golang-go and golang-github-masterminds-sprig-dev.

const values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-render-'));
try {
  const program = join(folder, 'render');
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(folder, 'cache') };
  execFileSync('go', ['build', '-o', program, 'test/charts/render.go'], { env });
  const render = (variant: object) => {
    const input = {
      Values: { ...values, ...variant },
      Chart: { Name: 'lvs-exporter', Version: '1.2.3', AppVersion: '1.2.3' },
      Release: release,
      Files: files,
    };
    return JSON.parse(execFileSync(program, [chart], { input: JSON.stringify(input), encoding: 'utf8' }));
  };
  const rendered = Object.fromEntries(Object.entries(variants).map(([name, variant]) => [name, render(variant)]));
  const result: Recording = { sha256: hashTemplates(), rendered };
  writeFileSync(recording, `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
