/**
 * The pictures of the dashboards in docs/images, taken in a Grafana that has them and the demo as its data source:
 *
 *   npm run demo -- --with-prometheus
 *   npx tsx scripts/grafana-pictures.ts http://localhost:3000 [FOLDER [WIDTH [light|dark]]]
 *
 * All show the two and a half minutes before it starts: start it while the table fills. Needs Debian's chromium.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { dashboards } from '../dashboards/src/index.ts';

const images = fileURLToPath(new URL('../docs/images', import.meta.url));
const [, , grafana, folder = images, width = '1280', theme = 'dark'] = process.argv;
if (grafana === undefined) throw new Error('Expected the address of a Grafana, such as http://localhost:3000');

const size = { width: Number(width), height: 1000 };
const endMs = Date.now();
const rangeMs = 150_000;
/** What is below is left out. */
const mostHeight = 2000;
const loadingMs = 9000;
const drawingMs = 6000;

// As root, Chromium's own sandbox does not start.
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  for (const { uid } of dashboards) await takePicture(browser, uid);
} finally {
  await browser.close();
}

/** Grafana loads what is in view: the window becomes as high as the dashboard. */
async function takePicture(on: Browser, uid: string): Promise<void> {
  const page = await on.newPage({ viewport: size });
  await page.goto(`${grafana}/d/${uid}?from=${endMs - rangeMs}&to=${endMs}&theme=${theme}&kiosk`);
  await sleep(loadingMs);
  const heights = await page.locator('*').evaluateAll((elements) => elements.map(({ scrollHeight }) => scrollHeight));
  await page.setViewportSize({ ...size, height: Math.min(Math.max(...heights), mostHeight) });
  await sleep(drawingMs);
  await page.screenshot({ path: `${folder}/${uid}.png` });
  await page.close();
}
