import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readAddressQueries } from '../../lab/cluster/address-queries.ts';
import { formatSeries } from '../../lab/cluster/series.ts';
import { needs } from '../needs.ts';
import { promtools, testRules } from './promtool.ts';

const queries = await readAddressQueries('.');

interface Bound {
  readonly cluster?: string;
  readonly instance: string;
  readonly name?: string;
  readonly address?: string;
  readonly bound: 0 | 1;
  readonly master: 0 | 1;
}

const vip = '10.0.0.100';

const master = (instance: string, more: Partial<Bound> = {}): Bound => ({ instance, bound: 1, master: 1, ...more });
const backup = (instance: string, more: Partial<Bound> = {}): Bound => ({ instance, bound: 0, master: 0, ...more });

/** In each case: how many series each query finds, where there are any. */
const cases: readonly {
  when: string;
  bound: readonly Bound[];
  expected: Partial<Record<keyof typeof queries, number>>;
}[] = [
  { when: 'a pair is healthy', bound: [master('d1'), backup('d2')], expected: {} },
  {
    when: 'one director has the address in two instances',
    bound: [master('d1', { name: 'a' }), master('d1', { name: 'b' }), backup('d2')],
    expected: {},
  },
  {
    when: 'two pairs use the same address',
    bound: [master('d1', { cluster: 'one' }), master('d2', { cluster: 'other' })],
    expected: {},
  },
  {
    when: 'two pairs use the same address, which no director of one has',
    bound: [master('d1', { cluster: 'one' }), backup('d2', { cluster: 'other' })],
    expected: { lost: 1 },
  },
  ...['fe80::1', '169.254.0.10', '127.0.0.53', '::1'].map((address) => ({
    when: `two directors have the address ${address} of their own segment or machine`,
    bound: [master('d1', { address }), master('d2', { address })],
    expected: {},
  })),
  { when: 'two directors are masters', bound: [master('d1'), master('d2')], expected: { shared: 1 } },
  {
    when: 'a master lacks the address',
    bound: [master('d1', { bound: 0 }), backup('d2')],
    expected: { lost: 1, missing: 1 },
  },
];

function seriesOf({ cluster = '', instance, name = 'web', address = vip, bound, master: state }: Bound) {
  const labels = { cluster, instance, job: 'lvs-exporter', instance_name: name, interface: 'eth0', vrid: '51' };
  return [
    {
      series: formatSeries({ name: 'keepalived_vrrp_address_bound', labels: { ...labels, address } }),
      values: `${bound}`,
    },
    {
      series: formatSeries({ name: 'keepalived_vrrp_state', labels: { ...labels, state: 'master' } }),
      values: `${state}`,
    },
  ];
}

function renderCase({ bound, expected }: (typeof cases)[number]) {
  return {
    interval: '15s',
    input_series: bound.flatMap(seriesOf),
    promql_expr_test: (['shared', 'lost', 'missing'] as const).map((name) => ({
      expr: `count(${queries[name]}) or vector(0)`,
      eval_time: '0s',
      exp_samples: [{ labels: '{}', value: expected[name] ?? 0 }],
    })),
  };
}

describe.each(promtools)('the queries on virtual addresses in docs/keepalived.md', ({ name, program }) => {
  describe(name, needs(name), () => {
    let folder: string;
    let complaints: readonly string[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lvs-queries-'));
      const files = cases.map((_, index) => `${index}.test.yml`);
      for (const [index, one] of cases.entries()) {
        await writeFile(join(folder, `${index}.test.yml`), stringify({ tests: [renderCase(one)] }));
      }
      complaints = await testRules(program, folder, files);
    });

    afterAll(() => rm(folder, { recursive: true }));

    it.each(cases.map(({ when }, index) => ({ when, index })))('they find what is so when $when', ({ index }) => {
      expect(complaints[index]).toBe('');
    });
  });
});
