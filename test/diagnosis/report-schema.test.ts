import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderJson } from '../../src/diagnosis/report-json.ts';
import { readIncidents } from '../incidents/corpus.ts';
import { diagnoseIncident } from '../incidents/judge.ts';

const schema = z.fromJSONSchema(JSON.parse(readFileSync('docs/diagnose.schema.json', 'utf8')));

describe('docs/diagnose.schema.json', () => {
  it.each(readIncidents())('holds for $name', async (incident) => {
    const { error } = schema.safeParse(JSON.parse(renderJson(await diagnoseIncident(incident))));
    expect(error?.issues).toBeUndefined();
  });

  it('refuses a number as text, and a field that it does not have', async () => {
    const [incident] = readIncidents().filter(({ expected }) => expected !== undefined);
    if (incident === undefined) throw new Error('Expected an incident');
    const report = JSON.parse(renderJson(await diagnoseIncident(incident)));
    const [finding] = report.findings;
    const withText = { ...report, findings: [{ ...finding, numbers: { presentEntries: '7' } }] };
    expect([schema.safeParse(withText).success, schema.safeParse({ ...report, more: 1 }).success]).toEqual([
      false,
      false,
    ]);
  });
});
