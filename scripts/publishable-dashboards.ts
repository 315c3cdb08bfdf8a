/**
 * The dashboards as grafana.com takes them, which ask for the data source when they are imported:
 * `npx tsx scripts/publishable-dashboards.ts [FOLDER]`, out/grafana.com by default.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { dashboards } from '../dashboards/src/index.ts';
import { publishable } from '../dashboards/src/publishable.ts';

const [, , folder = fileURLToPath(new URL('../out/grafana.com', import.meta.url))] = process.argv;
await mkdir(folder, { recursive: true });
for (const dashboard of dashboards) {
  await writeFile(join(folder, `${dashboard.uid}.json`), `${JSON.stringify(publishable(dashboard), undefined, 2)}\n`);
}
