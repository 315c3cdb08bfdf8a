import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { firewall } from '../src/collectors/firewall/firewall.ts';
import { defaultCollectors } from '../src/collectors/index.ts';
import { exporterMetrics } from '../src/scrape/exporter-metrics.ts';

const metrics = [...exporterMetrics, ...[...defaultCollectors, firewall].flatMap((collector) => collector.metrics)];
const names = [...new Set(metrics.map(({ name }) => name))].sort().reverse().join('|');
const named = new RegExp(`\\b(?:${names})\\b`);
/** A name and nothing else: what could be imported. Names within a query are PromQL. */
const namedAlone = new RegExp(`(['"\`])(?:${names})\\1`);

const isDeclaration = (path: string) => /(?:^|[/-])metrics\.ts$/.test(path);

/** Lines of TypeScript files, without comments, as `path:line: text`. */
async function linesOf(folder: string): Promise<string[]> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.ts'));
  const files = paths.filter((path) => !isDeclaration(path)).map((path) => `${folder}/${path}`);
  const texts = await Promise.all(files.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
  return texts.flatMap(({ path, text }) =>
    withoutComments(text)
      .split('\n')
      .map((line, index) => `${path}:${index + 1}: ${line}`),
  );
}

/** With as many lines as before. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, '')).replace(/^\s*\/\/.*$/gm, '');
}

describe('the name of a metric stands where it is declared, and everything else imports it', () => {
  it('in src/', async () => {
    const lines = await linesOf('src');
    expect(lines.length).toBeGreaterThan(5000);
    expect(lines.filter((line) => named.test(line))).toEqual([]);
  });

  it.each(['alerts/src', 'dashboards/src'])('in %s, but for queries', async (folder) => {
    const lines = await linesOf(folder);
    expect(lines.filter((line) => named.test(line)).length).toBeGreaterThan(20);
    expect(lines.filter((line) => namedAlone.test(line))).toEqual([]);
  });
});
