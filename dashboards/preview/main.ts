/**
 * Draws every dashboard about as Grafana would, to be looked at after a change: `npm run preview [FOLDER]`. Pages and
 * pictures of them, whole and with all data that there is, go to out/dashboards. With `--documents` what the documents
 * show of them goes to docs/images as well. Needs Debian's prometheus and chromium.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import type { LabHistory } from '../../scripts/lab-history.ts';
import { dashboards } from '../src/index.ts';
import { startFullHistory } from './history.ts';
import { drawDashboard } from './page.ts';

const images = fileURLToPath(new URL('../../docs/images', import.meta.url));
const defaultFolder = fileURLToPath(new URL('../../out/dashboards', import.meta.url));

/** The lab, while its table fills: so many seconds after it began. */
const buildUpSeconds = 85;
/** The first screen of a dashboard on a large monitor. */
const screen = { x: 0, y: 0, width: 1900, height: 1290 };

const { values, positionals } = parseArgs({ allowPositionals: true, options: { documents: { type: 'boolean' } } });
const folder = positionals[0] ?? defaultFolder;

await mkdir(folder, { recursive: true });
const history = await startFullHistory();
// As root, Chromium's own sandbox does not start.
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: screen.width, height: 1000 } });
  await drawWhole(page, history);
  if (values.documents) await drawForDocuments(page, history);
} finally {
  await browser.close();
  await history.stop();
}

async function drawWhole(page: Page, { prometheus, range }: LabHistory): Promise<void> {
  for (const dashboard of dashboards) {
    const path = `${folder}/${dashboard.uid}`;
    const preview = { prometheus, range, instance: 'compute', cluster: '.*' };
    await writeFile(`${path}.html`, await drawDashboard(dashboard, preview));
    await page.goto(pathToFileURL(`${path}.html`).href);
    await page.screenshot({ path: `${path}.png`, fullPage: true });
    process.stdout.write(`${path}.png\n`);
  }
}

/** Of the lab alone. */
async function drawForDocuments(page: Page, { prometheus, range }: LabHistory): Promise<void> {
  const buildUp = { ...range, endSeconds: range.startSeconds + buildUpSeconds };
  for (const dashboard of dashboards) {
    await page.setContent(
      await drawDashboard(dashboard, { prometheus, range: buildUp, instance: 'compute', cluster: 'lab' }),
    );
    await page.screenshot({ path: `${images}/${dashboard.uid}.png`, clip: screen, fullPage: true });
  }
}
