import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { changeMarkup, createVisits, refresh } from './visits.ts';

/** The picture that a chart is, and its width and height. */
async function pictureOf(page: Page): Promise<{ readonly size: unknown; readonly image: unknown }> {
  const canvas = "document.querySelector('#table-chart canvas')";
  return {
    size: await page.evaluate(`[${canvas}.width, ${canvas}.height]`),
    image: await page.evaluate(`${canvas}.toDataURL()`),
  };
}

/** What the legend shows, from `In use 1,882`. */
async function legendOf(page: Page): Promise<string[]> {
  return page.locator('#table-chart .legend > li').allTextContents();
}

describe('a chart', needs('chromium'), () => {
  const { serve, visit } = createVisits();

  it('moves', async () => {
    const replayed = await serve('compute', 60);
    const { page } = await visit(replayed);
    const before = await pictureOf(page);
    expect(await pictureOf(page)).toEqual(before);
    expect(await legendOf(page)).toContain('In use 1,882');
    await replayed.advanceTo(75);
    await refresh(page);
    await page.locator('#table-chart .legend', { hasNotText: 'In use 1,882' }).waitFor();
    await expect.poll(async () => (await pictureOf(page)).image).not.toBe(before.image);
    expect((await pictureOf(page)).size).toEqual(before.size);
  });

  it('shows the values under the pointer, otherwise the latest', async () => {
    const { page } = await visit(await serve('compute', 60));
    await page.getByRole('button', { name: 'Pause' }).click();
    const latest = await legendOf(page);
    const moment = page.locator('#table-chart .moment');
    const now = await moment.innerText();
    expect(latest).toEqual(['In use 1,882', 'Settles at 5,166', 'Limit 4,096']);
    await page.locator('#table-chart .u-over').hover({ position: { x: 1, y: 50 } });
    await moment.filter({ hasNotText: now }).waitFor();
    expect(await legendOf(page)).toEqual(['In use 46', expect.stringMatching(/^Settles at \d+$/), 'Limit 4,096']);
    await page.locator('h1').hover();
    await moment.filter({ hasText: now }).waitFor();
    expect(await legendOf(page)).toEqual(latest);
  });

  it('takes the colours of another scheme', async () => {
    const { page } = await visit(await serve('compute', 60), { colorScheme: 'light' });
    const { image } = await pictureOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(async () => (await pictureOf(page)).image).not.toBe(image);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(async () => (await pictureOf(page)).image).toBe(image);
  });

  it('leaves nothing behind when another takes its place, or none', async () => {
    const { page } = await visit(await serve('compute', 60));
    await page.evaluate(`
      const { observe, disconnect } = ResizeObserver.prototype;
      window.watching = 1;
      ResizeObserver.prototype.observe = function (...given) { window.watching += 1; observe.apply(this, given); };
      ResizeObserver.prototype.disconnect = function () { window.watching -= 1; disconnect.apply(this); };
    `);
    const left = async () => [await page.evaluate('window.watching'), await page.locator('canvas').count()];

    await changeMarkup(page, (markup) => markup.replace(/<li data-column="equilibrium".*?<\/li>/, ''));
    await refresh(page);
    await page.locator('#table-chart .legend', { hasNotText: 'Settles at' }).waitFor();
    expect(await left()).toEqual([1, 1]);

    await changeMarkup(page, (markup) => markup.replace(/<section id="table-chart".*?<\/section>/s, ''));
    await refresh(page);
    await page.locator('#table-chart').waitFor({ state: 'detached' });
    expect(await left()).toEqual([0, 0]);
  });
});
