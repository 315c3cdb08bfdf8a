import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { verdictKinds } from '../../src/flows/classification/verdict-kinds.ts';
import { headlines } from '../../src/page/document.ts';
import { needs } from '../needs.ts';
import { changeMarkup, createVisits, desktop, openAll, refresh } from './visits.ts';

/** Fulfilled when the page has had its turn, with what came before. */
async function settle(page: Page): Promise<void> {
  await page.evaluate("fetch('-/healthy').then((answer) => answer.text())");
}

/** What fills the table of the recording. */
const vip = '10.0.0.100:80';

describe('the status page in a browser', needs('chromium'), () => {
  const { serve, visit } = createVisits();

  it('follows a table that fills: state, findings and tab', async () => {
    const replayed = await serve('compute');
    const { page, complaints, requests } = await visit(replayed);
    await page.locator('h1', { hasText: headlines.healthy }).waitFor();
    expect(await page.title()).toMatch(/^Healthy · 127\.0\.0\.1:\d+$/);

    await replayed.advanceTo(60);
    await refresh(page);
    await page.locator('h1', { hasText: vip }).waitFor();
    await page.locator('.finding.critical', { hasText: 'iptables -t raw -I PREROUTING' }).first().waitFor();
    await page.locator('#destinations', { hasText: verdictKinds.direct_return.label }).waitFor();
    expect(await page.title()).toMatch(/^Critical · /);
    expect(await page.locator('#news').textContent()).toMatch(/^Critical · .*10\.0\.0\.100:80/);

    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(replayed.url))).toEqual([]);
  });

  it('copies commands, one a line, and reports it', async () => {
    const replayed = await serve('compute', 60);
    const { page } = await visit(replayed, { ...desktop, permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Copy commands: Do not track tcp 10.0.0.100:80, with iptables' }).click();
    await page
      .getByRole('button', { name: 'Copied commands: Do not track tcp 10.0.0.100:80, with iptables' })
      .waitFor();
    expect(await page.getByRole('status').textContent()).toBe('Copied');
    const copied = await page.evaluate('navigator.clipboard.readText()');
    const lines = String(copied).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]).toMatch(
      /^iptables -t raw -I PREROUTING 1 -d 10\.0\.0\.100\/32 -p tcp --dport 80 -j CT --notrack$/,
    );
    await page.getByRole('button', { name: /^Copied/ }).waitFor({ state: 'detached' });
  });

  it('leaves the commands selected where a browser does not let it copy', async () => {
    const { page } = await visit(await serve('compute', 60));
    await page.evaluate('document.execCommand = () => false');
    await page.getByRole('button', { name: 'Copy commands: Do not track tcp 10.0.0.100:80, with iptables' }).click();
    await page.getByRole('button', { name: /^Press Ctrl-C/ }).waitFor();
    expect(await page.evaluate('getSelection().toString()')).toMatch(/^iptables -t raw -I PREROUTING 1 /);
  });

  it('has a name of its own for each button', async () => {
    const { page } = await visit(await serve('compute', 60));
    await openAll(page);
    const names = await page.getByRole('button').allTextContents();
    expect(names.length).toBeGreaterThan(3);
    expect(new Set(names).size).toBe(names.length);
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
    await settle(page);
    const asked = requests.length;
    await replayed.advanceTo(60);
    await refresh(page);
    await settle(page);
    expect(requests.slice(asked)).toEqual([`${replayed.url}-/healthy`]);
    expect(await page.locator('h1').textContent()).toBe(headlines.healthy);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('h1', { hasText: vip }).waitFor();
  });

  it('asks once at a time, and does not show what comes while it is paused', async () => {
    const replayed = await serve('compute');
    const { page, requests } = await visit(replayed);
    let answer = () => {};
    const isHeld = new Promise<void>((resolve) => {
      answer = resolve;
    });
    // Held before there is anything to show: the page also asks by itself.
    const isAsked = new Promise<void>((resolve) => {
      page.route('**/history.json', async (route) => {
        resolve();
        await isHeld;
        await route.continue();
      });
    });
    await settle(page);
    await replayed.advanceTo(60);
    await refresh(page);
    await isAsked;
    await settle(page);
    const before = requests.length;
    await refresh(page);
    await settle(page);
    expect(requests.slice(before)).toEqual([`${replayed.url}-/healthy`]);

    await page.getByRole('button', { name: 'Pause' }).click();
    const answered = page.waitForEvent('requestfinished', (request) => request.url().endsWith('history.json'));
    answer();
    await answered;
    await settle(page);
    expect(await page.locator('h1').textContent()).toBe(headlines.healthy);
  });

  it('reports it when the exporter no longer answers', async () => {
    const replayed = await serve('compute');
    const { page } = await visit(replayed);
    const lost = page.getByRole('alert');
    expect(await lost.isVisible()).toBe(false);
    await page.route('**/*', (route) => route.abort());
    await refresh(page);
    await lost
      .filter({ hasText: /^The exporter does not answer\. What you see is as of \d\d:\d\d:\d\d UTC\.$/ })
      .waitFor();
    await page.unroute('**/*');
    await refresh(page);
    await lost.waitFor({ state: 'hidden' });
  });

  it('ignores the page of another exporter', async () => {
    const { page } = await visit(await serve('compute'));
    await changeMarkup(page, () => '<title>Log in</title><h1>Who are you?</h1>');
    await refresh(page);
    await page.getByRole('alert').filter({ hasText: 'The exporter does not answer' }).waitFor();
    expect(await page.locator('h1').textContent()).toBe(headlines.healthy);
  });

  it('reports it when the exporter answers and reads nothing new', async () => {
    const { page } = await visit(await serve('compute'));
    await page.route('**/history.json', async (route) => {
      const response = await route.fetch();
      const date = new Date(Date.now() + 190_000).toUTCString();
      await route.fulfill({ response, headers: { ...response.headers(), date } });
    });
    await refresh(page);
    await page
      .getByRole('alert')
      .filter({ hasText: /^The exporter has read nothing new for \d min\. / })
      .waitFor();
  });

  it('reports it when it cannot show what came, and goes on', async () => {
    const { page, complaints } = await visit(await serve('compute'));
    const lost = page.getByRole('alert');
    await changeMarkup(page, (markup) => markup.replace('data-column="entries"', 'data-column="nothing"'));
    await refresh(page);
    await lost.filter({ hasText: 'This page cannot be updated: reload it.' }).waitFor();
    expect(complaints).not.toEqual([]);
    await page.unrouteAll();
    await refresh(page);
    await lost.waitFor({ state: 'hidden' });
    await page.locator('canvas').waitFor();
  });
});
