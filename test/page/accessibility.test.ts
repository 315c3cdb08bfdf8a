import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { createVisits, desktop, openAll, phone } from './visits.ts';

const partsBeyondTheirTile = `[...document.querySelectorAll('.tile')].flatMap((tile) =>
  [...tile.querySelectorAll('dt, dd, .badge')]
    .filter((part) => part.getBoundingClientRect().right > tile.getBoundingClientRect().right)
    .map((part) => part.outerHTML))`;

describe('the status page is accessible', needs('chromium'), () => {
  const { serve, visit } = createVisits();

  it('is whole without a script, but for the drawing', async () => {
    const { page } = await visit(await serve('compute', 60), { ...desktop, javaScriptEnabled: false });
    const text = await page.locator('body').innerText();
    for (const part of ['10.0.0.100:80', 'Settles at', 'iptables -t raw', 'Direct server return', 'Collectors']) {
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
    ['a healthy compute node', 'compute', 0, 'light', desktop],
    ['a healthy compute node', 'compute', 0, 'dark', phone],
    ['a table that fills', 'compute', 60, 'light', desktop],
    ['a table that fills', 'compute', 60, 'dark', phone],
    ['a director that has just begun', 'director1', 0, 'dark', desktop],
    ['a healthy director', 'director1', 60, 'light', phone],
    ['a healthy director', 'director1', 60, 'dark', desktop],
    ['services of every kind', 'shelf', 60, 'light', desktop],
    ['services of every kind', 'shelf', 60, 'dark', phone],
  ] as const)('has nothing that axe objects to, and nothing beyond its tile: %s, %s at %i s, %s', async (...given) => {
    const [_what, node, second, colorScheme, size] = given;
    const { page } = await visit(await serve(node, second), { ...size, colorScheme });
    await openAll(page);
    await page.evaluate(axe.source);
    // What axe is not sure of depends on the browser and its fonts: palette.test.ts computes the contrast.
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await page.evaluate(partsBeyondTheirTile)).toEqual([]);
  });
});

describe('the documents are accessible', needs('chromium'), () => {
  const { serve, visit } = createVisits();

  it.each([
    ['docs/index.html', 'light', desktop],
    ['docs/performance.html', 'light', desktop],
    ['docs/performance.html', 'dark', phone],
    ['docs/metrics.html', 'light', phone],
    ['docs/runbooks/ConntrackTableFullSoon.html', 'dark', desktop],
  ] as const)('axe has no objection, and nothing is wider than the screen: %s, %s', async (path, colorScheme, size) => {
    const served = await serve('compute');
    const { page, complaints, requests } = await visit(served, { ...size, colorScheme });
    await page.goto(served.url + path);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size.viewport.width);
    await page.evaluate(axe.source);
    // Of what is beyond the edge of a table that is wider than the screen, it is not sure.
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(complaints).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(served.url))).toEqual([]);
  });
});
