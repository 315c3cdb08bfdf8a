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
import { only } from './dependencies.ts';
import { testRules } from './promtool.ts';

/** Minutes before and after Deployments were scaled down. */
const [before, after] = [10, 20];
const connectionsPerMinute = 60;

/** promtool takes 10,000 samples at most in one query: the services are given to it in parts. */
const servicesAtOnce = 300;

const alerts = groups
  .flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert))
  .filter((alert) => /^(Ipvs|Keepalived)/.test(alert));
const needed = only(groups, alerts);
const rulesText = renderRules(needed);

interface Series {
  readonly series: string;
  readonly values: string;
}

/** The series of a node, of two scrapes: one that the second does not have ends then. */
function seriesOf(instance: string, first: readonly Sample[], second: readonly Sample[]): Series[] {
  const later = new Map(second.map((one) => [nameOf(instance, one), one.value]));
  const series = first.filter(isUsed).map((one) => {
    const name = nameOf(instance, one);
    return { series: name, values: valuesOf(one, later.get(name)) };
  });
  return [{ series: `up{job="lvs-exporter",instance="${instance}"}`, values: `1x${before + after}` }, ...series];
}

function isUsed({ metric: { name } }: Sample): boolean {
  return rulesText.includes(name);
}

/** What is not of a service is in each part. */
function splitByService(all: readonly Series[]): Series[][] {
  const byService = new Map<string, Series[]>();
  const others: Series[] = [];
  for (const one of all) {
    const [address] = /,address="10\.96\.[^"]*"/.exec(one.series) ?? [];
    if (address === undefined) others.push(one);
    else byService.set(address, [...(byService.get(address) ?? []), one]);
  }
  const services = [...byService.values()];
  const starts = services.flatMap((_, index) => (index % servicesAtOnce === 0 ? [index] : []));
  return starts.map((start) => [...others, ...services.slice(start, start + servicesAtOnce).flat()]);
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

  async function complaintOn(parts: readonly (readonly Series[])[]): Promise<string> {
    await writeFile(join(folder, 'rules.yml'), rulesText);
    const test = {
      rule_files: ['rules.yml'],
      evaluation_interval: '5m',
      group_eval_order: needed.map(({ name }) => name),
      tests: parts.map((part) => ({ interval: '1m', input_series: part, alert_rule_test: expectNone() })),
    };
    await writeFile(join(folder, 'test.yml'), JSON.stringify(test));
    const [complaint = 'no answer'] = await testRules('promtool', folder, ['test.yml']);
    return complaint;
  }

  it('fire on no healthy node of Kubernetes with 3,000 services, also while Deployments are scaled down', async () => {
    const series = await seriesOfNode('node-1', 3000, 900);
    // Another one has some of these services, with other endpoints.
    const ofOther = await seriesOfNode('node-2', 60, 30);
    const parts = splitByService(series);
    expect(parts).toHaveLength(3000 / servicesAtOnce);
    expect(await complaintOn(parts.map((part) => [...part, ...ofOther]))).toBe('');
  });

  it('fire on the same machine if it is not a node of Kubernetes', async () => {
    const series = await seriesOfNode('director', 30, 10);
    const unnamed = series.map((one) => ({ ...one, series: one.series.replace('kube_proxy="ipvs"', 'kube_proxy=""') }));
    expect(await complaintOn([unnamed])).toContain('IpvsServiceWithoutRealServers');
  });
});

async function seriesOfNode(instance: string, services: number, scaledDown: number): Promise<Series[]> {
  const first = await readNode({ services, scaledDown: 0, connections: 100 });
  const connections = 100 + before * connectionsPerMinute;
  return seriesOf(instance, first, await readNode({ services, scaledDown, connections }));
}

function expectNone() {
  return alerts.flatMap((alertname) =>
    ['5m', '15m', '30m'].map((time) => ({ eval_time: time, alertname, exp_alerts: [] })),
  );
}
