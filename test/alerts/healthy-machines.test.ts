import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { renderRules } from '../../alerts/src/rule-file.ts';
import { keepalived } from '../../src/collectors/keepalived/keepalived.ts';
import { seriesLimited } from '../../src/scrape/exporter-metrics.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { readIncidents } from '../incidents/corpus.ts';
import { observeIncident } from '../incidents/judge.ts';
import { readDump } from '../keepalived/fixtures.ts';
import { createHost } from '../machine.ts';
import { needs } from '../needs.ts';
import { testRules } from './promtool.ts';

/** A machine goes on for so long as it did between two readings of its recording, which are 10 s apart. */
const minutes = 40;
const readingsPerMinute = 6;

interface Machine {
  readonly name: string;
  readonly before: readonly Sample[];
  readonly now: readonly Sample[];
}

/** promtool takes 10,000 samples at most in one query: of a machine with more services, the first are there. */
const maxServices = 150;

/** Without the series of the services beyond, and of their real servers. Their number is within the exporter's limit. */
function limitServices(samples: readonly Sample[]): Sample[] {
  const kept = new Set<string>();
  return samples.filter(({ metric: { name }, labels: { address = '', fwmark = '', collector } }) => {
    if (name === seriesLimited.name && collector === 'ipvs') return false;
    if (!/^ipvs_(virtual|real)_server_/.test(name)) return true;
    const service = `${address} ${fwmark}`;
    if (kept.size < maxServices) kept.add(service);
    return kept.has(service);
  });
}

const rulesText = renderRules(groups);
const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert));

function seriesOf({ name, before, now }: Machine) {
  const nameOf = ({ metric, labels }: Sample) => {
    const all = Object.entries({ job: 'lvs-exporter', instance: name, ...labels });
    return `${metric.name}{${all.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
  };
  const earlier = new Map(before.map((one) => [nameOf(one), one.value]));
  const series = now
    .filter(({ metric }) => rulesText.includes(metric.name))
    .map((one) => {
      const rise = one.metric.type === 'counter' ? one.value - (earlier.get(nameOf(one)) ?? one.value) : 0;
      return { series: nameOf(one), values: `${finite(one.value)}+${rise * readingsPerMinute}x${minutes}` };
    });
  return [{ series: `up{job="lvs-exporter",instance="${name}"}`, values: `1x${minutes}` }, ...series];
}

/** Of a table that never fills. promtool reads no infinite values. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 1e12;
}

async function readIncident(wanted: string): Promise<Machine[]> {
  const incidents = readIncidents().filter(({ name, expected }) =>
    wanted === 'healthy' ? expected === undefined : name === wanted,
  );
  const machines: Machine[] = [];
  for (const one of incidents) {
    const { before = [], now } = await observeIncident(one);
    machines.push({ name: one.name, before: limitServices(before), now: limitServices(now) });
  }
  return machines;
}

/** All instances are master, none is in fault. */
async function readDirector(folder: string): Promise<Machine> {
  const dump = (kind: 'data' | 'json') => ({ text: readDump(folder, kind), modifiedSeconds: 1 });
  const dumps = { data: dump('data'), json: dump('json') };
  const host = createHost({ keepalived: [{ daemon: '', running: true, dumps }] });
  const samples = await keepalived.collect(host);
  return { name: `keepalived ${folder}`, before: samples, now: samples };
}

describe('the rules', needs('promtool'), () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lvs-healthy-'));
    await writeFile(join(folder, 'rules.yml'), rulesText);
  });

  afterAll(() => rm(folder, { recursive: true }));

  /** On machines that Prometheus scrapes together. promtool takes long to begin a test. */
  async function complaintOn(...fleets: readonly (readonly Machine[])[]): Promise<string> {
    const test = {
      rule_files: ['rules.yml'],
      evaluation_interval: '5m',
      group_eval_order: groups.map(({ name }) => name),
      tests: fleets.map((machines) => ({
        interval: '1m',
        input_series: machines.flatMap(seriesOf),
        alert_rule_test: alerts.map((alertname) => ({ eval_time: `${minutes - 5}m`, alertname, exp_alerts: [] })),
      })),
    };
    await writeFile(join(folder, 'test.yml'), JSON.stringify(test));
    const [complaint = 'no answer'] = await testRules('promtool', folder, ['test.yml']);
    return complaint;
  }

  it('fire on no recording of a healthy machine', async () => {
    expect(await complaintOn(await readIncident('healthy'))).toBe('');
  });

  it('fire on no healthy director', async () => {
    const folders = ['other-family/2.0.10', 'names/2.0.17', 'names/2.3.4'];
    const directors = await Promise.all(folders.map(readDirector));
    expect(await complaintOn(...directors.map((one) => [one]))).toBe('');
  });

  it('fire on a full table', async () => {
    expect(await complaintOn(await readIncident('full-of-dead'))).toContain('ConntrackTable');
  });
});
