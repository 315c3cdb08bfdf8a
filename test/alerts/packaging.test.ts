import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { needs } from '../needs.ts';
import { promtools } from './promtool.ts';

const run = promisify(execFile);

const ruleFile = 'alerts/lvs-exporter.rules.yml';
const routing = 'alerts/alertmanager.yml';
const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert));

describe.each(promtools)('the rule file', ({ name, program }) => {
  it(`is what ${name} accepts`, needs(name), async () => {
    const { stdout } = await run(program, ['check', 'rules', '--lint=all', '--lint-fatal', ruleFile]);
    expect(stdout).toContain('SUCCESS');
  });
});

describe('the PrometheusRule resource', async () => {
  const resource = parse(await readFile('alerts/prometheus-rule.yaml', 'utf8'));

  it('holds the same groups as the rule file', async () => {
    expect(resource.spec).toEqual(parse(await readFile(ruleFile, 'utf8')));
  });

  it('is valid', () => {
    expect(() => new PrometheusRule(resource).validate()).not.toThrow();
  });
});

describe('the configuration of Alertmanager', async () => {
  const text = await readFile(routing, 'utf8');

  it('names alerts that there are', () => {
    const names: readonly string[] = alerts.map(({ alert }) => alert);
    const named = [...text.matchAll(/\b(Conntrack|Ipvs|Keepalived|LvsExporter)\w+/g)].map(([name]) => name);
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('is valid', needs('amtool'), async () => {
    const { stdout } = await run('amtool', ['check-config', routing]);
    expect(stdout).toContain('SUCCESS');
  });

  it.each([
    ['critical', 'on-call'],
    ['warning', 'team'],
    ['info', 'archive'],
  ])('sends alerts that are %s to %s', needs('amtool'), async (severity, receiver) => {
    const options = [`--config.file=${routing}`, `--verify.receivers=${receiver}`];
    const labels = [`severity=${severity}`, 'alertname=ConntrackTableFullSoon', 'job=lvs-exporter', 'instance=c1'];
    const { stdout } = await run('amtool', ['config', 'routes', 'test', ...options, ...labels]);
    expect(stdout.trim()).toBe(receiver);
  });
});
