import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { defaultCollectors } from '../../src/collectors/index.ts';
import { exporterMetrics } from '../../src/scrape/exporter-metrics.ts';

const folder = new URL('../../src/page/', import.meta.url);

it('the page reads only metrics that the exporter declares', async () => {
  const declared = new Set(
    [...exporterMetrics, ...defaultCollectors.flatMap(({ metrics }) => metrics)].map(({ name }) => name),
  );
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  const read = texts.flatMap((text) =>
    [...text.matchAll(/'((?:lvs|ipvs|conntrack|keepalived)_[a-z_]+)'/g)].map(([, name]) => name),
  );
  expect(read.length).toBeGreaterThan(20);
  expect(read.filter((name) => !declared.has(name ?? ''))).toEqual([]);
});
