import { describe, expect, it } from 'vitest';
import { headlines } from '../../src/page/document.ts';
import { createWatch } from '../../src/page/watch.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { collectors, holders, ipvsRead, series, service, table, vrrp } from './series.ts';

/** A watch of samples that can be changed; each note comes 15 s after the one before. */
function watchOf(first: readonly Sample[]) {
  let samples = first;
  let atSeconds = 1_800_000_000;
  const watch = createWatch({
    collect: async () => [...samples, ipvsRead(atSeconds)],
    version: '1.2.3',
    now: () => {
      atSeconds += 15;
      return atSeconds * 1000;
    },
  });
  return {
    watch,
    change: (next: readonly Sample[]) => {
      samples = next;
    },
  };
}

async function markupOf(samples: readonly Sample[]): Promise<string> {
  const { watch } = watchOf(samples);
  await watch.note();
  await watch.note();
  return watch.page(false).markup;
}

const everything = [
  ...table(900, 1200, 60),
  ...table(300, 400, 60).map((one) => ({ ...one, labels: { ...one.labels, netns: 'qrouter' } })),
  ...holders,
  ...service('80', 0, [1, 0]),
  ...vrrp('master'),
  ...collectors({ ipvs: 'works', conntrack: 'failed', keepalived: 'absent' }),
  series('lvs_exporter_source_info', 1, { collector: 'ipvs', source: 'procfs' }),
  series('lvs_platform_info', 1, { role: 'compute', platform: 'openstack', virtualization: 'kvm', kernel: '6.1' }),
  series('keepalived_script_up', 0, { script: 'check' }),
];

/** Labels whose values are words of the exporter's own. */
const ownWords: ReadonlySet<string> = new Set(['verdict', 'state', 'kind', 'replied', 'collector']);

describe('page()', () => {
  it('waits for the first readings', () => {
    const { markup } = watchOf([]).watch.page(false);
    expect(markup).toContain(`<h1>${headlines.starting}</h1>`);
    expect(markup).toContain('<title>Starting · lvs-exporter</title>');
  });

  it('has every section', async () => {
    const markup = await markupOf(everything);
    const ids = [...markup.matchAll(/<(?:div|section) id="([a-z-]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([
      'state',
      'summary',
      'findings',
      'charts',
      'upstream-chart',
      'table-chart',
      'destinations',
      'holders',
      'namespaces',
      'services',
      'vrrp',
      'collectors',
    ]);
  });

  it('shows addresses of clients to a reader on this machine alone', async () => {
    const { watch } = watchOf(everything);
    await watch.note();
    const [remote, local] = [watch.page(false), watch.page(true)];
    expect(local.markup).toContain('192.0.2.10');
    expect(local.markup).toContain('Scan</');
    expect(remote.markup).not.toContain('192.0.2.10');
    expect(remote.markup).toContain('lvs-exporter diagnose');
    expect(remote.tag).not.toBe(local.tag);
  });

  it('is made once for each note, with another tag', async () => {
    const { watch, change } = watchOf(table(100, 200, 60));
    await watch.note();
    const first = watch.page(false);
    expect(watch.page(false)).toBe(first);
    change(table(700, 800, 60));
    expect(watch.page(false)).toBe(first);
    await watch.note();
    const second = watch.page(false);
    expect(second.tag).not.toBe(first.tag);
    expect([first.markup.includes('700 of 1,000'), second.markup.includes('700 of 1,000')]).toEqual([false, true]);
  });

  it('lets no label become markup', async () => {
    const spoilLabel = (text: string, [name, label]: [string, string]) => [
      name,
      ownWords.has(name) ? label : text + label,
    ];
    const spoil = (text: string) =>
      everything.map(({ labels, ...one }) => ({
        ...one,
        labels: Object.fromEntries(Object.entries(labels).map((entry) => spoilLabel(text, entry))),
      }));
    const hostile = `"><script>alert(1)</script><img/src='x'/onerror='alert(2)'>`;
    const [spoiled, harmless] = [await markupOf(spoil(hostile)), await markupOf(spoil('x/'))];
    expect(spoiled).not.toContain('<script>alert');
    expect(spoiled).toContain('&lt;script&gt;alert(1)');
    const countOf = (markup: string) => ['<', '>', '"'].map((character) => markup.split(character).length);
    expect(countOf(spoiled)).toEqual(countOf(harmless));
  });

  it('shows three findings open, and others closed', async () => {
    const drained = ['21', '22', '23'].map((port) => service(port, 0, [0]));
    const unserved = [...drained, ...['24', '25'].map((port) => service(port, 0, []))];
    const markup = await markupOf(unserved.flat());
    const kinds = [...markup.matchAll(/<(article|details) class="finding critical"/g)].map(([, element]) => element);
    expect(kinds).toEqual(['article', 'article', 'article', 'details', 'details']);
  });

  it('stays small on a director with 1,000 services of 20 real servers', async () => {
    const weights = Array.from({ length: 20 }, () => 1);
    const services = Array.from({ length: 1000 }, (_, index) => service(String(index), index, weights));
    const markup = await markupOf(services.flat());
    expect(markup).toContain('And 980 more with less traffic');
    expect(markup.length).toBeLessThan(200_000);
  });
});

describe('history()', () => {
  it('has what the notes had', async () => {
    const { watch, change } = watchOf([...table(100, 200, 60), ...service('80', 0, [1])]);
    await watch.note();
    change([...table(150, 250, 60), ...service('80', 30, [1]), series('ipvs_upstream_conntrack_limit', 4000)]);
    await watch.note();
    expect(watch.history()).toEqual({
      atSeconds: [1_800_000_015, 1_800_000_030],
      entries: [100, 150],
      limit: [1000, 1000],
      equilibrium: [200, 250],
      upstream: [null, 360],
      upstreamLimit: [null, 4000],
    });
  });
});
