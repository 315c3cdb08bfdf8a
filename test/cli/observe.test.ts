import { describe, expect, it } from 'vitest';
import { observeMachine, observeRecording, pauseBefore } from '../../src/cli/observe.ts';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { createReport } from '../../src/diagnosis/report/report.ts';
import { renderReport } from '../../src/diagnosis/report/text.ts';
import type { Collector } from '../../src/scrape/collector.ts';
import { gauge, sample } from '../../src/scrape/metric.ts';
import { inShort } from '../diagnosis/samples.ts';
import { labRecordings } from '../fixtures.ts';
import { createHost, systemError } from '../machine.ts';

const onProgress = () => undefined;

async function report(node: string, atSeconds?: number) {
  const byDefault = ({ name, optional }: Collector) => !optional || name === 'openstack' || name === 'ipvs-connections';
  const collectors = createCollectors(defaultSettings).filter(byDefault);
  const directory = `${labRecordings}/${node}`;
  return createReport(await observeRecording({ directory, collectors, atSeconds, onProgress }));
}

const plain = { columns: 100, colour: false, verbose: false };

describe('a recording', () => {
  it('of a table that evicts is complete', async () => {
    const text = renderReport(await report('compute'), plain);
    await expect(text).toMatchFileSnapshot('../diagnosis/golden/compute.txt');
  });

  it('can be stopped before the table is full', async () => {
    const { severity, findings } = await report('compute', 60);
    expect(severity).toBe('critical');
    expect(findings[0]).toMatchObject({
      id: 'conntrack-table-full-soon',
      details: { culprits: [{ subject: { destination: { address: '10.0.0.100' } }, verdict: 'direct_return' }] },
    });
  });

  it('can be stopped before anything is wrong', async () => {
    expect(await report('compute', 30)).toMatchObject({ severity: 'ok', findings: [] });
  });

  it.each([
    // The master: its backup is silent, as it should be.
    ['director1', ['keepalived-never-heard-another']],
    ['director2', []],
  ])('of %s, which is healthy, requires no action', async (node, expected) => {
    const { severity, findings } = await report(node);
    expect([severity, ...findings.map(({ id }) => id)]).toEqual(['ok', ...expected]);
  });

  it('of shelf has the service without real servers', async () => {
    const { severity, findings } = await report('shelf');
    expect([severity, ...findings.map(inShort)]).toEqual([
      'critical',
      'critical ipvs-service-without-real-servers tcp 10.0.0.101:25',
    ]);
  });

  it('reports when it was', async () => {
    expect((await report('compute')).at).toBe('2026-11-23T02:45:47.679Z');
  });
});

describe('a machine', () => {
  const counted = gauge('conntrack_entries', 'Runs of the collector.');

  function countRuns(name: string, schedule?: string): Collector {
    let runs = 0;
    const collect = async () => [sample(counted, ++runs)];
    return { name, help: '', metrics: [counted], ...(schedule === undefined ? {} : { schedule }), collect };
  }

  it('has its tables read three times, and all else twice', async () => {
    const collectors = [
      countRuns('conntrack'),
      countRuns('conntrack-table', '* * * * *'),
      countRuns('keepalived', '* * * * *'),
    ];
    const { now, before } = await observeMachine({ host: createHost({}), collectors, seconds: 0.1, onProgress });
    const runs = (samples: typeof now = []) =>
      samples.filter(({ metric }) => metric === counted).map(({ value }) => value);
    expect([runs(before), runs(now)]).toEqual([
      [1, 1, 1],
      [2, 3, 2],
    ]);
  });

  it.each([
    ['a fast machine', { elapsedMs: 300, readingMs: 200, readingsLeft: 2 }, 4650],
    ['the same before the last reading', { elapsedMs: 5150, readingMs: 200, readingsLeft: 1 }, 4650],
    ['a slow start', { elapsedMs: 4000, readingMs: 500, readingsLeft: 2 }, 2500],
    ['slow readings', { elapsedMs: 3400, readingMs: 3000, readingsLeft: 2 }, 300],
    ['readings that take all of the time', { elapsedMs: 6000, readingMs: 5000, readingsLeft: 2 }, 0],
    ['no time left', { elapsedMs: 12_000, readingMs: 500, readingsLeft: 1 }, 2000],
  ])('is observed for ten seconds: the pause with %s', (_what, timing, pauseMs) => {
    expect(pauseBefore({ totalMs: 10_000, ...timing })).toBe(pauseMs);
  });

  it('reports why something could not be seen, and what helps', async () => {
    const failing: Collector = {
      ...countRuns('conntrack-table', '* * * * *'),
      collect: () => Promise.reject(systemError('EPERM', 'operation not permitted')),
    };
    const observed = await observeMachine({ host: createHost({}), collectors: [failing], seconds: 0.1, onProgress });
    expect(createReport(observed)).toMatchObject({
      severity: 'warning',
      findings: [
        {
          id: 'lvs-exporter-collector-failing',
          subject: { collector: 'conntrack-table' },
          details: {
            reason: 'EPERM: operation not permitted',
            hint: expect.stringContaining('docs/permissions.md'),
          },
        },
      ],
    });
  });

  it.each([
    ['another user', false, 'sudo lvs-exporter diagnose'],
    ['root without capabilities', true, 'journalctl -u lvs-exporter -n 50 --no-pager'],
  ])('collectors that lack a permission are one finding, for %s', async (_who, asRoot, command) => {
    const refuse = (name: string, code: string): Collector => ({
      ...countRuns(name, '* * * * *'),
      collect: () => Promise.reject(systemError(code, 'refused')),
    });
    const collectors = [refuse('openstack', 'EACCES'), refuse('network', 'EIO'), refuse('firewall', 'EPERM')];
    const observed = await observeMachine({ host: createHost({}), collectors, seconds: 0.1, onProgress });
    const { findings } = createReport({ ...observed, asRoot });
    const failing = findings.map(({ subject, details, remedies: [first] }) => [
      subject.collector,
      'denied' in details ? details.denied : undefined,
      first?.commands,
    ]);
    expect(failing).toEqual([
      [
        'openstack',
        [
          { collector: 'openstack', reason: 'EACCES: refused' },
          { collector: 'firewall', reason: 'EPERM: refused' },
        ],
        [command],
      ],
      ['network', undefined, ['journalctl -u lvs-exporter -n 50 --no-pager']],
    ]);
  });

  it('reports what is being waited for', async () => {
    const progress: string[] = [];
    const collectors = [countRuns('keepalived', '* * * * *')];
    await observeMachine({
      host: createHost({}),
      collectors,
      seconds: 0.1,
      onProgress: (doing) => progress.push(doing),
    });
    expect(progress).toEqual([
      'Reading keepalived',
      '',
      'Waiting for reading 2 of 3',
      '',
      'Waiting for reading 3 of 3',
      'Reading keepalived',
      '',
    ]);
  });
});
