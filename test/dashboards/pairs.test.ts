import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { renderRules } from '../../alerts/src/rule-file.ts';
import { resolve } from '../../dashboards/preview/resolve.ts';
import type { HistoryPrometheus } from '../../scripts/history-prometheus.ts';
import { needs } from '../needs.ts';
import { expressionOf } from './expressions.ts';
import { scrapes, startWritten, type Written, written } from './written-history.ts';

const address = '192.0.2.10';
const linkLocal = 'fe80::1';

/** A VRRP instance with one address, as a director exports it. */
interface Instance {
  readonly instance: string;
  readonly state: 'master' | 'backup';
  readonly address?: string;
  readonly daemon?: string;
  readonly name?: string;
  /** Advertisements per scrape. */
  readonly hears?: number;
  /** Its exporter answers no more from the middle on. */
  readonly ends?: boolean;
}

/** No two machines of a Prometheus have the same name. */
function targetIn(cluster: string, instance: string) {
  return { job: 'lvs-exporter', cluster, instance: `${instance} of ${cluster}` };
}

function write(cluster: string, one: Instance): Written[] {
  const { instance, state, daemon, name = 'VI_1', hears = 0, ends = false } = one;
  const labels = targetIn(cluster, instance);
  const own = {
    ...labels,
    instance_name: name,
    interface: 'eth0',
    vrid: '51',
    family: 'ipv4',
    ...(daemon ? { daemon } : {}),
  };
  const answers = (value: number) => (scrape: number) => (ends && scrape > scrapes / 2 ? undefined : value);
  return [
    ...['master', 'backup'].map((each) => ({
      name: 'keepalived_vrrp_state',
      labels: { ...own, state: each },
      value: answers(each === state ? 1 : 0),
    })),
    {
      name: 'keepalived_vrrp_address_bound',
      labels: { ...own, address: one.address ?? address },
      value: answers(state === 'master' ? 1 : 0),
    },
    {
      name: 'keepalived_vrrp_advertisements_received_total',
      labels: own,
      value: (scrape) => answers(scrape * hears)(scrape),
    },
  ];
}

function reach(cluster: string, instances: readonly Instance[]): Written[] {
  const ends = new Map(instances.map((one) => [one.instance, one.ends === true]));
  return [...ends].map(([instance, isGone]) => ({
    name: 'up',
    labels: targetIn(cluster, instance),
    value: (scrape) => (isGone && scrape > scrapes / 2 ? 0 : 1),
  }));
}

interface Case {
  readonly cluster: string;
  readonly instances: readonly Instance[];
  /** What the timeline shows at the end, by address. */
  readonly masters: Readonly<Record<string, number>>;
  readonly alert?: 'KeepalivedNoMaster' | 'KeepalivedSplitBrain';
}

const backup = { state: 'backup', hears: 15 } as const;

const cases: readonly Case[] = [
  {
    cluster: 'a master and a backup',
    instances: [
      { instance: 'd1', state: 'master' },
      { instance: 'd2', ...backup },
    ],
    masters: { [address]: 1 },
  },
  {
    cluster: 'two keepaliveds on a director, with the same instance',
    instances: [
      { instance: 'd1', state: 'master', daemon: 'web' },
      { instance: 'd1', daemon: 'mail', address: '192.0.2.25', ...backup },
      { instance: 'd2', daemon: 'web', ...backup },
      { instance: 'd2', state: 'master', daemon: 'mail', address: '192.0.2.25' },
    ],
    masters: { [address]: 1, '192.0.2.25': 1 },
  },
  {
    cluster: 'a link-local address that two pairs have',
    instances: [
      { instance: 'd1', state: 'master', address: linkLocal },
      { instance: 'd3', state: 'master', address: linkLocal },
      { instance: 'd1', state: 'master', name: 'VI_2' },
    ],
    masters: { [address]: 1 },
  },
  {
    cluster: 'an address in two instances of a director',
    instances: [
      { instance: 'd1', state: 'master' },
      { instance: 'd1', state: 'master', name: 'VI_2' },
    ],
    masters: { [address]: 1 },
  },
  {
    cluster: 'two masters',
    instances: [
      { instance: 'd1', state: 'master' },
      { instance: 'd2', state: 'master' },
    ],
    masters: { [address]: 2 },
    alert: 'KeepalivedSplitBrain',
  },
  {
    cluster: 'backups that receive no advertisements',
    instances: [
      { instance: 'd1', state: 'backup' },
      { instance: 'd2', state: 'backup' },
    ],
    masters: { [address]: 0 },
    alert: 'KeepalivedNoMaster',
  },
  {
    cluster: 'a backup that hears a master without an exporter',
    instances: [{ instance: 'd2', ...backup }],
    masters: { [address]: -1 },
  },
  {
    cluster: 'a pair that is gone',
    instances: [
      { instance: 'd1', state: 'master', ends: true },
      { instance: 'd2', ...backup, ends: true },
    ],
    masters: { [address]: 0 },
    alert: 'KeepalivedNoMaster',
  },
  {
    cluster: 'a master whose exporter is gone, and whom the backup hears',
    instances: [
      { instance: 'd1', state: 'master', ends: true },
      { instance: 'd2', ...backup },
    ],
    masters: { [address]: -1 },
  },
];

const panels = {
  tile: expressionOf('lvs-overview', 'No single master A'),
  other: expressionOf('lvs-keepalived', 'No single master A'),
  timeline: expressionOf('lvs-keepalived', 'Masters of each virtual address A'),
};

describe('pairs of directors', needs('prometheus', 'promtool'), () => {
  let prometheus: HistoryPrometheus;

  beforeAll(async () => {
    const series = cases.flatMap(({ cluster, instances }) => [
      ...reach(cluster, instances),
      ...instances.flatMap((one) => write(cluster, one)),
    ]);
    prometheus = await startWritten(series);
    const rules = renderRules(groups.filter(({ name }) => name === 'keepalived.rules'));
    // How many are master is recorded of who is.
    for (let depth = 0; depth < 2; depth++) await prometheus.record(rules, written);
  });

  afterAll(() => prometheus?.stop());

  async function ask(expression: string, cluster: string) {
    const setting = { scrapeSeconds: 15, rangeSeconds: 3600, picked: { cluster } };
    const series = await prometheus.queryRange(resolve(expression, setting), {
      ...written,
      startSeconds: written.endSeconds,
    });
    return series.map(({ labels, points }) => ({ labels, value: points.at(-1)?.[1] }));
  }

  async function addressesOf(alert: string, cluster: string): Promise<string[]> {
    const rules = groups.flatMap((group) => group.rules.filter(isAlert)).filter((rule) => rule.alert === alert);
    const found = await Promise.all(rules.map(({ expr }) => ask(expr, cluster)));
    return found.flat().flatMap(({ labels }) => (labels.cluster === cluster ? [labels.address ?? ''] : []));
  }

  it.each(cases)('$cluster: the timeline', async ({ cluster, masters }) => {
    const shown = await ask(panels.timeline, cluster);
    expect(Object.fromEntries(shown.map(({ labels, value }) => [labels.address, value]))).toEqual(masters);
  });

  it.each(cases)('$cluster: the tiles count what the alerts go off for', async ({ cluster, alert }) => {
    const firing = {
      KeepalivedNoMaster: await addressesOf('KeepalivedNoMaster', cluster),
      KeepalivedSplitBrain: await addressesOf('KeepalivedSplitBrain', cluster),
    };
    expect(firing).toEqual({
      KeepalivedNoMaster: [],
      KeepalivedSplitBrain: [],
      ...(alert ? { [alert]: [address] } : {}),
    });
    const count = [expect.objectContaining({ value: alert ? 1 : 0 })];
    expect(await ask(panels.tile, cluster)).toEqual(count);
    expect(await ask(panels.other, cluster)).toEqual(count);
  });

  it('reports nothing where there is no VRRP', async () => {
    expect(await ask(panels.tile, 'elsewhere')).toEqual([]);
  });
});
