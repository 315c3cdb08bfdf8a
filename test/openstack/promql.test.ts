import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { needs } from '../needs.ts';

const [, promql = ''] = readFileSync('docs/openstack.md', 'utf8').split('## In PromQL');
const expressions = [...promql.matchAll(/^```promql\n(.*?)^```/gms)].map(([, expression = '']) => expression);

const target = 'job="lvs-exporter",instance="compute1"';
const known = `${target},protocol="tcp",address="203.0.113.80",port="80",zone="4097"`;
const unknown = `${target},protocol="tcp",address="203.0.113.81",port="80",zone="0"`;
const series = [
  ...['entries', 'unreplied_entries'].flatMap((name) => [
    `conntrack_destination_${name}{${known}}`,
    `conntrack_destination_${name}{${unknown}}`,
    // Of another network namespace, whose zones are its own.
    `conntrack_destination_${name}{${known},netns="qrouter"}`,
  ]),
].map((one) => ({ series: one, values: '7x10' }));
const owner = 'device="tap1",vm="director-1",project="web",project_id="51"';
const info = `conntrack_destination_info{${known},${owner},evidence="zone"}`;
/** What a zone has is more than what its listed destinations have: a virtual machine that scans has none of size. */
const zones = [
  { series: `conntrack_zone_entries{${target},zone="4097"}`, values: '1050x10' },
  { series: `conntrack_zone_entries{${target},zone="0"}`, values: '9x10' },
  { series: `conntrack_zone_info{${target},zone="4097",${owner}}`, values: '1x10' },
  {
    series: `conntrack_destination_entries{${target},protocol="tcp",address="10.0.0.12",port="80",zone="0"}`,
    values: '5x10',
  },
  {
    series: `conntrack_destination_info{${target},protocol="tcp",address="10.0.0.12",port="80",zone="0",device="tap2",vm="web-1",project="shop",project_id="52",evidence="address"}`,
    values: '1x10',
  },
];
const packets = `node_network_receive_packets_total{job="node",instance="compute1",device="tap1"}`;

const owned = `{${known},vm="director-1",project="web",device="tap1"}`;
const unreplied = 'conntrack_destination_unreplied_entries';
const expected: readonly (readonly (readonly [labels: string, value: number])[])[] = [
  [[owned, 7]],
  [
    [owned, 7],
    [`${unreplied}{${unknown}}`, 7],
    [`${unreplied}{${known},netns="qrouter"}`, 7],
  ],
  [
    ['{project_id="51",project="web"}', 1050],
    ['{project_id="52",project="shop"}', 5],
  ],
  [['{job="node",instance="compute1",device="tap1",vm="director-1",project="web"}', 1]],
];

/** Rejects with what promtool reports where an expression gives something else. */
function evaluate(expr: string, samples: readonly (readonly [string, number])[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-test-promql-'));
  const test = {
    interval: '1m',
    input_series: [
      ...series,
      ...(expr.includes('conntrack_zone_entries') ? zones : []),
      { series: info, values: '1x10' },
      { series: packets, values: '0+60x10' },
    ],
    promql_expr_test: [{ expr, eval_time: '5m', exp_samples: samples.map(([labels, value]) => ({ labels, value })) }],
  };
  try {
    writeFileSync(join(folder, 'rules.yml'), 'groups: []\n');
    writeFileSync(join(folder, 'test.yml'), stringify({ rule_files: ['rules.yml'], tests: [test] }));
    execFileSync('promtool', ['test', 'rules', join(folder, 'test.yml')], { encoding: 'utf8', stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('what docs/openstack.md has in PromQL', needs('promtool'), () => {
  it('is all tried here', () => expect(expressions).toHaveLength(expected.length));

  it.each(expressions.map((expression, index) => [expression, expected[index] ?? []] as const))('%s', evaluate);
});
