import { describe, expect, it } from 'vitest';
import { headlines, pageDocument } from '../../src/page/document.ts';
import { describeStatus } from '../../src/page/model/status.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { collectors, series, service, table, vrrp } from './series.ts';

function pageOf(samples: readonly Sample[]): string {
  return pageDocument('1.2.3', describeStatus({ atSeconds: 0, samples }, undefined), []);
}

/** What the page reports first: its title in the tab, and its headline. */
function sayingOf(samples: readonly Sample[]): (string | undefined)[] {
  const page = pageOf(samples);
  return [/<title>(.*?) · /, /<h1>(.*?)<\/h1>/].map((pattern) => pattern.exec(page)?.[1]);
}

const wants = series('keepalived_vrrp_wanted_state', 1, {
  instance_name: 'web',
  interface: 'eth0',
  vrid: '51',
  family: 'ipv4',
  state: 'master',
});

describe('the headline', () => {
  it.each([
    ['is the worst finding', table(950, 1200, 5), 'Critical', /5 s/],
    ['reports that nothing is wrong', vrrp('master'), 'Healthy', headlines.healthy],
    [
      'does not report it of sources that could not be read',
      [series('conntrack_entries', 5), series('conntrack_entries_limit', 1000)],
      'Incomplete',
      headlines.incomplete,
    ],
    [
      'reports that there is nothing to watch',
      collectors({ ipvs: 'absent', conntrack: 'absent' }),
      'Incomplete',
      headlines.absent,
    ],
    ['is a tile that no finding explains', [...vrrp('backup'), wants], 'Critical', /^VRRP: Backup, fault$/],
  ])('%s', (_what, samples, title, headline) => {
    expect(sayingOf(samples)).toEqual([title, expect.stringMatching(headline)]);
  });

  it('is not reported again by the finding that it comes from', () => {
    const page = pageOf([...table(950, 1200, 5), ...service('80', 0, [0])]);
    const [, headline = ''] = sayingOf([...table(950, 1200, 5), ...service('80', 0, [0])]);
    expect(page.split(headline).length).toBe(2);
    expect([...page.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title)).toEqual([
      'Evidence and remedies',
      expect.stringContaining('tcp 10.0.0.100:80'),
    ]);
  });
});
