import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ReplayedPage, replayPage } from '../../scripts/replayed-page.ts';
import { havePrograms } from '../debian-package.ts';
import { labRecordings } from '../fixtures.ts';

const available = havePrograms('chromium');
const desktop = { viewport: { width: 1360, height: 900 } };
const phone = { viewport: { width: 360, height: 740 } };

let browser: Browser;
let served: ReplayedPage[] = [];

beforeAll(async () => {
  if (!available) return;
  // Tests run as root in a container, where Chromium's own sandbox does not start.
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  for (const one of served) await one.close();
  served = [];
});

afterAll(async () => {
  await browser?.close();
});

async function serve(node: string, second = 0): Promise<ReplayedPage> {
  const replayed = await replayPage(`${labRecordings}/${node}`);
  served.push(replayed);
  await replayed.advanceTo(second);
  return replayed;
}

/** What a browser said and asked for. */
interface Visit {
  readonly page: Page;
  /** Console messages and errors. */
  readonly complaints: string[];
  readonly requests: string[];
}

async function visit({ url }: ReplayedPage, options: BrowserContextOptions = desktop): Promise<Visit> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  if (options.javaScriptEnabled !== false) await page.locator('canvas').first().waitFor();
  return { page, complaints, requests };
}

/** As when somebody comes back to the tab. */
async function refresh(page: Page): Promise<void> {
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
}

describe.runIf(available)('the status page in a browser', () => {
  it('follows a table that fills: state, findings, chart and tab', async () => {
    const replayed = await serve('compute');
    const { page, complaints, requests } = await visit(replayed);
    await page.locator('h1', { hasText: 'No fault found' }).waitFor();
    expect(await page.title()).toMatch(/^Healthy · 127\.0\.0\.1:\d+$/);
    await page.locator('canvas').waitFor();
    const drawing = () => page.evaluate("document.querySelector('canvas').toDataURL()");
    const before = await drawing();

    await replayed.advanceTo(60);
    await refresh(page);
    await page.locator('h1', { hasText: 'The connection tracking table is full in' }).waitFor();
    await page.locator('.finding.critical', { hasText: 'iptables -t raw -I PREROUTING' }).first().waitFor();
    await page.locator('#destinations', { hasText: 'Direct return' }).waitFor();
    expect(await page.title()).toMatch(/^Critical · /);
    expect(await drawing()).not.toBe(before);
    expect(await page.locator('#news').textContent()).toMatch(
      /^Critical · .*: The connection tracking table is full in/,
    );

    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(replayed.url))).toEqual([]);
  });

  it('copies commands, one a line', async () => {
    const replayed = await serve('compute', 60);
    const { page } = await visit(replayed, { ...desktop, permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('.finding button', { hasText: 'Copy' }).first().click();
    await page.locator('.finding button', { hasText: 'Copied' }).waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    const lines = String(copied).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]).toMatch(
      /^iptables -t raw -I PREROUTING 1 -d 10\.0\.0\.100\/32 -p tcp --dport 80 -j CT --notrack$/,
    );
  });

  it('keeps open what the reader opened, and the keyboard where it was', async () => {
    const replayed = await serve('compute', 60);
    const { page } = await visit(replayed);
    const others = page.locator('.finding > details').first();
    await others.locator('> summary').focus();
    await page.keyboard.press('Enter');
    const before = (await page.locator('#state time').textContent()) ?? '';
    await replayed.advanceTo(65);
    await refresh(page);
    await page.locator('#state time').filter({ hasNotText: before }).waitFor();
    expect(await others.getAttribute('open')).toBe('');
    expect(await page.evaluate('document.activeElement.textContent')).toMatch(/^Other remedies/);
  });

  it('stands still when it is paused', async () => {
    const replayed = await serve('compute');
    const { page, requests } = await visit(replayed);
    await page.getByRole('button', { name: 'Pause' }).click();
    const asked = requests.length;
    await refresh(page);
    expect(requests.length).toBe(asked);
    await replayed.advanceTo(60);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('h1', { hasText: 'is full in' }).waitFor();
  });

  it('says so when the exporter no longer answers', async () => {
    const replayed = await serve('compute');
    const { page } = await visit(replayed);
    expect(await page.locator('#lost').isVisible()).toBe(false);
    await page.route('**/*', (route) => route.abort());
    await refresh(page);
    await page.locator('#lost').waitFor({ state: 'visible' });
    await page.unroute('**/*');
    await refresh(page);
    await page.locator('#lost').waitFor({ state: 'hidden' });
  });

  it('is whole without a script, but for the drawing', async () => {
    const { page } = await visit(await serve('compute', 60), { ...desktop, javaScriptEnabled: false });
    const text = await page.locator('body').innerText();
    for (const part of ['is full in', 'Settles at', 'iptables -t raw', 'Direct return', 'Collectors']) {
      expect(text).toContain(part);
    }
    expect(await page.locator('#table-chart tbody tr').count()).toBeGreaterThan(1);
  });

  it.each(['compute', 'director1', 'shelf'])('fits on a phone: %s', async (node) => {
    const { page } = await visit(await serve(node, 60), phone);
    await openAll(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.viewport.width);
  });

  it.each([
    ['compute', 'light', desktop],
    ['compute', 'dark', phone],
    ['director1', 'light', phone],
    ['director1', 'dark', desktop],
    ['shelf', 'light', desktop],
    ['shelf', 'dark', phone],
  ] as const)('has nothing that axe objects to: %s, %s', async (node, colorScheme, size) => {
    const { page } = await visit(await serve(node, 60), { ...size, colorScheme });
    await openAll(page);
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});

async function openAll(page: Page): Promise<void> {
  await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
}
