import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { startHistory } from '../../scripts/lab-history.ts';
import { dashboards } from '../src/index.ts';
import { renderMade } from './made-samples.ts';
import { drawDashboard } from './page.ts';

/**
 * Draws every dashboard from the recordings of the lab, about as Grafana would: pages and pictures of them in a folder,
 * to be looked at after a change. Needs Debian's prometheus and chromium.
 */

const folder = process.argv[2] ?? join(tmpdir(), 'lvs-exporter-dashboards');

await mkdir(folder, { recursive: true });
const { prometheus, range, stop } = await startHistory(renderMade);
// As root, Chromium's own sandbox does not start.
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1900, height: 1000 } });
  for (const dashboard of dashboards) {
    const path = `${folder}/${dashboard.uid}`;
    await writeFile(`${path}.html`, await drawDashboard(dashboard, { prometheus, range, instance: 'compute' }));
    await page.goto(pathToFileURL(`${path}.html`).href);
    await page.screenshot({ path: `${path}.png`, fullPage: true });
    process.stdout.write(`${path}.png\n`);
  }
} finally {
  await browser.close();
  await stop();
}
