import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { renderRules } from '../../alerts/src/rule-file.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { readNode } from '../kubernetes-node.ts';
import { needs } from '../needs.ts';
import { testRules } from './promtool.ts';

/** Minutes before and after Deployments were scaled down. */
const [before, after] = [10, 30];
const connectionsPerMinute = 60;

const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert));

interface Series {
  readonly series: string;
  readonly values: string;
}

/** The series of a node, of two scrapes: one that the second does not have ends then. */
function seriesOf(instance: string, first: readonly Sample[], second: readonly Sample[]): Series[] {
  const later = new Map(second.map((one) => [nameOf(instance, one), one.value]));
  const series = first.map((one) => {
    const name = nameOf(instance, one);
    return { series: name, values: valuesOf(one, later.get(name)) };
  });
  return [{ series: `up{job="lvs-exporter",instance="${instance}"}`, values: `1x${before + after}` }, ...series];
}

function nameOf(instance: string, { metric, labels }: Sample): string {
  const all = Object.entries({ job: 'lvs-exporter', cluster: 'k8s', instance, ...labels });
  return `${metric.name}{${all.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`;
}

function valuesOf({ metric, value }: Sample, later: number | undefined): string {
  if (later === undefined) return `${value}x${before} stale`;
  if (metric.type !== 'counter') return `${value}x${before} ${later}x${after}`;
  return `${value}+${(later - value) / before}x${before + after}`;
}

describe('the rules', needs('promtool'), () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lvs-kubernetes-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  async function complaintOn(input: readonly Series[]): Promise<string> {
    await writeFile(join(folder, 'rules.yml'), renderRules(groups));
    const test = {
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      group_eval_order: groups.map(({ name }) => name),
      tests: [{ interval: '1m', input_series: input, alert_rule_test: expectNone() }],
    };
    await writeFile(join(folder, 'test.yml'), JSON.stringify(test));
    const [complaint = 'no answer'] = await testRules('promtool', folder, ['test.yml']);
    return complaint;
  }

  it('fire on no healthy node of Kubernetes with 3,000 services, also while Deployments are scaled down', async () => {
    // The other one has some of these services, with other endpoints.
    const series = [...(await seriesOfNode('node-1', 3000, 900)), ...(await seriesOfNode('node-2', 300, 30))];
    expect(await complaintOn(series)).toBe('');
  });

  it('fire on the same machine if it is not a node of Kubernetes', async () => {
    const series = await seriesOfNode('director', 30, 10);
    const unnamed = series.map((one) => ({ ...one, series: one.series.replace('kube_proxy="ipvs"', 'kube_proxy=""') }));
    expect(await complaintOn(unnamed)).toContain('IpvsServiceWithoutRealServers');
  });
});

async function seriesOfNode(instance: string, services: number, scaledDown: number): Promise<Series[]> {
  const first = await readNode({ services, scaledDown: 0, connections: 100 });
  const connections = 100 + before * connectionsPerMinute;
  return seriesOf(instance, first, await readNode({ services, scaledDown, connections }));
}

function expectNone() {
  return alerts.flatMap((alertname) =>
    ['5m', '12m', '40m'].map((time) => ({ eval_time: time, alertname, exp_alerts: [] })),
  );
}
