import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolve } from '../../dashboards/preview/resolve.ts';
import type { HistoryPrometheus } from '../../scripts/history-prometheus.ts';
import { needs } from '../needs.ts';
import { expressionOf } from './expressions.ts';
import { scrapes, startWritten, type Written, written } from './written-history.ts';

interface Case {
  readonly cluster: string;
  readonly series: readonly Omit<Written, 'labels'>[];
  readonly labels?: Readonly<Record<string, string>>;
  /** What each tile shows: undefined where it reports that there is nothing. */
  readonly tiles: Readonly<Record<string, number | undefined>>;
}

const build = { name: 'lvs_exporter_build_info', value: 1 };
const up = { name: 'up', value: 1 };
const works = { name: 'lvs_exporter_collector_success', value: 1 };
const endedEarly = (scrape: number) => (scrape < scrapes / 3 ? 1 : undefined);

const table = (used: number) => [
  { name: 'conntrack_entries_limit', value: 1000 },
  { name: 'conntrack_entries', value: used * 1000 },
  { name: 'conntrack_early_drop_total', value: 0 },
  { name: 'conntrack_drop_total', value: (scrape: number) => scrape * 30 },
];

const cases: readonly Case[] = [
  { cluster: 'no exporter', series: [up], tiles: { 'Blind spots': undefined } },
  { cluster: 'an exporter that works', series: [up, build, works], tiles: { 'Blind spots': 0 } },
  {
    cluster: 'an exporter whose collector fails',
    series: [up, build, { ...works, value: 0 }],
    tiles: { 'Blind spots': 1 },
  },
  {
    cluster: 'the only exporter, which is gone',
    series: [
      { ...up, value: 0 },
      { ...build, value: endedEarly },
      { ...works, value: endedEarly },
    ],
    tiles: { 'Blind spots': 1 },
  },
  {
    cluster: 'an exporter that was last seen thirty hours ago, at a full hour',
    series: [
      { ...up, value: 0 },
      { ...build, earlierSeconds: 30 * 3600 - 1200 },
    ],
    tiles: { 'Blind spots': 1 },
  },
  {
    cluster: 'no rules',
    series: [up, build, { name: 'conntrack_entries', value: 1 }],
    tiles: { 'Critical alerts': undefined },
  },
  {
    cluster: 'rules, and a director without connection tracking',
    series: [up, build, { name: 'instance:keepalived_vrrp_address:master', value: 1 }],
    tiles: { 'Critical alerts': 0 },
  },
  {
    cluster: 'rules, and a director without both',
    series: [up, build, { name: 'virtual_server:ipvs_past_director_connections:rate1m', value: 1 }],
    tiles: { 'Critical alerts': 0 },
  },
  {
    cluster: 'rules, and machines that are all gone',
    series: [{ name: 'ALERTS', value: 1 }],
    labels: { alertname: 'LvsExporterTargetDown', alertstate: 'firing', severity: 'warning' },
    tiles: { 'Critical alerts': 0 },
  },
  {
    cluster: 'drops of a table that has room: not because it is full',
    series: table(0.3),
    tiles: { 'Evicted, dropped': 0 },
  },
  { cluster: 'drops of a full table', series: table(1), tiles: { 'Evicted, dropped': 2 } },
  {
    cluster: 'a keepalived whose dump is old',
    series: [
      { name: 'lvs_exporter_collector_last_success_timestamp_seconds', value: 1200 },
      { name: 'keepalived_dump_timestamp_seconds', value: 1000 },
      { name: 'keepalived_up', value: 1 },
    ],
    labels: { collector: 'keepalived' },
    tiles: { 'Oldest dump': 200 },
  },
  {
    cluster: 'a keepalived that ended, whose dump is old',
    series: [
      { name: 'lvs_exporter_collector_last_success_timestamp_seconds', value: 1200 },
      { name: 'keepalived_dump_timestamp_seconds', value: 1000 },
      { name: 'keepalived_up', value: 0 },
    ],
    labels: { collector: 'keepalived' },
    tiles: { 'Oldest dump': undefined, 'keepalived ended': 1 },
  },
];

const onKeepalived = new Set(['Oldest dump', 'keepalived ended']);
const shown = cases.flatMap(({ cluster, tiles }) =>
  Object.entries(tiles).map(([tile, value]) => ({
    cluster,
    tile,
    value,
    expr: expressionOf(onKeepalived.has(tile) ? 'lvs-keepalived' : 'lvs-overview', `${tile} A`),
  })),
);

describe('tiles', needs('prometheus', 'promtool'), () => {
  let prometheus: HistoryPrometheus;

  beforeAll(async () => {
    prometheus = await startWritten(
      cases.flatMap(({ cluster, series, labels }) =>
        series.map((one) => ({ ...one, labels: { job: 'lvs', instance: cluster, cluster, ...labels } })),
      ),
    );
  });

  afterAll(() => prometheus?.stop());

  it.each(shown)('$cluster: $tile reports $value', async ({ cluster, expr, value }) => {
    const setting = { scrapeSeconds: 15, rangeSeconds: 3600, picked: { cluster } };
    const latest = { ...written, startSeconds: written.endSeconds };
    const [answer] = await prometheus.queryRange(resolve(expr, setting), latest);
    expect(answer?.points.at(-1)?.[1]).toBe(value);
  });
});
