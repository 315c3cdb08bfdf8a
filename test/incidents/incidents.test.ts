import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderCheck } from '../../src/diagnosis/report/check.ts';
import { renderJson } from '../../src/diagnosis/report/json.ts';
import type { Report } from '../../src/diagnosis/report/report.ts';
import { parsePluginLine } from '../diagnosis/plugin-line.ts';
import { type Incident, readIncidents } from './corpus.ts';
import { diagnoseIncident, judge } from './judge.ts';

const incidents = readIncidents();
const schema = z.fromJSONSchema(JSON.parse(readFileSync('docs/diagnose.schema.json', 'utf8')));

/** Reading an incident takes long: the tests share what is made of it. */
const reports = new Map<string, Promise<Report>>();

function reportOf(incident: Incident): Promise<Report> {
  const report = reports.get(incident.name) ?? diagnoseIncident(incident);
  reports.set(incident.name, report);
  return report;
}

describe('diagnose', () => {
  it.each(incidents)('$name', async (incident) => {
    expect(judge(incident, await reportOf(incident))).toBe('right');
  });
});

describe('the line for Nagios and Icinga', () => {
  const states = ['OK', 'WARNING', 'CRITICAL'];

  it.each(incidents)('of $name is one, and no value in it is worse than its state', async (incident) => {
    const report = await reportOf(incident);
    const { state, values } = parsePluginLine(renderCheck(report));
    expect(state).toBe(report.severity.toUpperCase());
    expect(values.filter((one) => states.indexOf(one.state) > states.indexOf(state))).toEqual([]);
  });
});

describe('docs/diagnose.schema.json', () => {
  it.each(incidents)('holds for $name', async (incident) => {
    const { error } = schema.safeParse(JSON.parse(renderJson(await reportOf(incident))));
    expect(error?.issues).toBeUndefined();
  });

  it('refuses a number as text, and a field that it does not have', async () => {
    const [incident] = incidents.filter(({ expected }) => expected !== undefined);
    if (incident === undefined) throw new Error('Expected an incident');
    const report = JSON.parse(renderJson(await reportOf(incident)));
    const [finding] = report.findings;
    const withText = { ...report, findings: [{ ...finding, numbers: { presentEntries: '7' } }] };
    expect([schema.safeParse(withText).success, schema.safeParse({ ...report, more: 1 }).success]).toEqual([
      false,
      false,
    ]);
  });
});

describe('judge', () => {
  const faulty = incidents.find(({ expected }) => expected !== undefined);
  const healthy = incidents.find(({ expected }) => expected === undefined);

  it('distinguishes missing, wrong and invented findings', async () => {
    if (faulty?.expected === undefined || healthy === undefined) throw new Error('Expected both kinds');
    const [found, nothing] = [await reportOf(faulty), await reportOf(healthy)];
    const { expected } = faulty;
    expect(judge(faulty, nothing)).toBe('silent');
    expect(judge(healthy, found)).toBe('false alarm');
    expect(judge({ ...faulty, expected: { ...expected, finding: 'does-not-forward' } }, found)).toBe('wrong');
    expect(judge({ ...faulty, expected: { ...expected, remedy: 'does-harm' } }, found)).toBe('partly');
    expect(judge({ ...faulty, expected: { ...expected, never: expected.remedy } }, found)).toBe('partly');
    expect(judge({ ...faulty, expected: { ...expected, culprit: '192.0.2.254' } }, found)).toBe('partly');
  });
});
