/**
 * Pictures of the status page, for people to look at: `npm run screenshots [FOLDER]`. Each state of recorded machines, at
 * the width of a desktop and of a phone, light and dark, goes to out/screenshots; what the documents show of them, to
 * docs/images. Needs Debian's chromium.
 */
import { mkdir } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { replayPage } from './replayed-page.ts';

const recordings = fileURLToPath(new URL('../test/fixtures/lab', import.meta.url));
const images = fileURLToPath(new URL('../docs/images', import.meta.url));

/** A machine of the lab, and the second of its recording. */
const states = {
  filling: { node: 'compute', second: 60 },
  healthy: { node: 'director1', second: 60 },
} as const;

const sizes = {
  desktop: { viewport: { width: 1280, height: 1150 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const;

/** The top of them, as a screen shows it. */
const inDocuments: Readonly<Record<string, string>> = {
  'filling-desktop-light': 'status-page.png',
  'filling-phone-dark': 'status-page-phone.png',
};

const folder = process.argv[2] ?? fileURLToPath(new URL('../out/screenshots', import.meta.url));
await mkdir(folder, { recursive: true });
// As root, Chromium's own sandbox does not start.
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  for (const state of ['filling', 'healthy'] as const) await takePictures(browser, state);
} finally {
  await browser.close();
}

async function takePictures(browser: Browser, state: keyof typeof states): Promise<void> {
  const { node, second } = states[state];
  const replayed = await replayPage(`${recordings}/${node}`);
  try {
    await replayed.advanceTo(second);
    for (const size of ['desktop', 'phone'] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ ...sizes[size], colorScheme });
        await page.goto(replayed.url);
        await page.locator('canvas').first().waitFor();
        const name = `${state}-${size}-${colorScheme}`;
        await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
        const kept = inDocuments[name];
        if (kept) await page.screenshot({ path: `${images}/${kept}` });
        await page.close();
      }
    }
  } finally {
    await replayed.close();
  }
}
