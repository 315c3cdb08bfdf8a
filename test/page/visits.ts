import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { findProgram } from '../../scripts/executable.ts';
import { type ReplayedPage, replayPage } from '../../scripts/replayed-page.ts';
import { labRecordings } from '../fixtures.ts';

export const desktop = { viewport: { width: 1360, height: 900 } };
export const phone = { viewport: { width: 360, height: 740 } };

/** What a browser reported and asked for. */
export interface Visit {
  readonly page: Page;
  /** Console messages and errors. */
  readonly complaints: string[];
  readonly requests: string[];
}

export interface Visits {
  /** Serves the status page of a node of the lab, at this second of its recording. */
  serve(node: string, second?: number): Promise<ReplayedPage>;
  /** Opens it in a browser. With a script it has drawn its charts. */
  visit(served: ReplayedPage, options?: BrowserContextOptions): Promise<Visit>;
}

/** One browser for all tests of a suite. What a test opens is closed after it. */
export function createVisits(): Visits {
  let browser: Browser;
  let served: ReplayedPage[] = [];

  beforeAll(async () => {
    // Tests run as root in a container, where Chromium's own sandbox does not start.
    browser = await chromium.launch({ executablePath: findProgram('chromium') ?? '', args: ['--no-sandbox'] });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    for (const one of served) await one.close();
    served = [];
  });

  afterAll(() => browser?.close());

  return {
    async serve(node, second = 0) {
      const replayed = await replayPage(`${labRecordings}/${node}`);
      served.push(replayed);
      await replayed.advanceTo(second);
      return replayed;
    },
    async visit({ url }, options = desktop) {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(300_000);
      const page = await context.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(url);
      if (options.javaScriptEnabled !== false) await page.locator('canvas').first().waitFor();
      return { page, complaints, requests };
    },
  };
}

/** As when the user returns to the tab. */
export async function refresh(page: Page): Promise<void> {
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
}

export async function openAll(page: Page): Promise<void> {
  await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
}

/** Has the exporter send another page, as a script finds it that asks for it again. */
export async function changeMarkup(page: Page, change: (markup: string) => string): Promise<void> {
  await page.route(page.url(), async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: change(await response.text()) });
  });
}
