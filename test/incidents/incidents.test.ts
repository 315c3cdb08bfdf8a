import { describe, expect, it } from 'vitest';
import { readIncidents } from './corpus.ts';
import { diagnoseIncident, judge } from './judge.ts';

const incidents = readIncidents();

describe('diagnose', () => {
  it.each(incidents)('$name', async (incident) => {
    expect(judge(incident, await diagnoseIncident(incident))).toBe('right');
  });
});

describe('judge', () => {
  const faulty = incidents.find(({ expected }) => expected !== undefined);
  const healthy = incidents.find(({ expected }) => expected === undefined);

  it('distinguishes missing, wrong and invented findings', async () => {
    if (faulty?.expected === undefined || healthy === undefined) throw new Error('Expected both kinds');
    const [found, nothing] = [await diagnoseIncident(faulty), await diagnoseIncident(healthy)];
    const { expected } = faulty;
    expect(judge(faulty, nothing)).toBe('silent');
    expect(judge(healthy, found)).toBe('false alarm');
    expect(judge({ ...faulty, expected: { ...expected, finding: 'does-not-forward' } }, found)).toBe('wrong');
    expect(judge({ ...faulty, expected: { ...expected, remedy: 'does-harm' } }, found)).toBe('partly');
    expect(judge({ ...faulty, expected: { ...expected, never: expected.remedy } }, found)).toBe('partly');
    expect(judge({ ...faulty, expected: { ...expected, culprit: '192.0.2.254' } }, found)).toBe('partly');
  });
});
