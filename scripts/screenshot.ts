import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { replayPage } from './replayed-page.ts';

/**
 * Makes docs/images/status-page.png: the status page of the compute node in the lab's recording, a minute before its
 * table is full. Needs Debian's chromium, and `npm run build` before it.
 */

const recording = fileURLToPath(new URL('../test/fixtures/lab/compute', import.meta.url));
const images = fileURLToPath(new URL('../docs/images', import.meta.url));
const secondBeforeFull = 60;

const replayed = await replayPage(recording);
await replayed.advanceTo(secondBeforeFull);
// As root, Chromium's own sandbox does not start.
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1030 }, colorScheme: 'light' });
  await page.goto(replayed.url);
  await page.locator('canvas').waitFor();
  await mkdir(images, { recursive: true });
  await page.screenshot({ path: `${images}/status-page.png` });
} finally {
  await browser.close();
  await replayed.close();
}
