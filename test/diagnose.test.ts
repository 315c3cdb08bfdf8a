import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/cli/options/config.ts';
import { labRecordings } from './fixtures.ts';
import { runProgram } from './program.ts';

const onCompute = runProgram('diagnose', `--replay=${labRecordings}/compute`);

describe('lvs-exporter diagnose', () => {
  it('has --json as a short form of --output=json', () => {
    const configs = ['--json', '--output=json'].map((flag) => readConfig(['diagnose', flag]));
    expect(configs).toMatchObject([{ output: 'json' }, { output: 'json' }]);
  });

  it('exits with 2 for a critical finding, and gives the reason in its first line', async () => {
    const { code, stdout, stderr } = await onCompute;
    expect([code, stderr]).toEqual([2, '']);
    expect(stdout).toBe(await readFile('test/diagnosis/golden/compute.txt', 'utf8'));
  });

  it('refuses a network namespace that is not there, in which it would find nothing', async () => {
    const { code, stderr } = await runProgram('diagnose', '--duration=1s', '--collector.conntrack.netns=no-such');
    expect([code, stderr.split('\n')[0]]).toEqual([
      3,
      'lvs-exporter: Option --collector.conntrack.netns: expected a network namespace of "ip netns list" or a path, got "no-such"',
    ]);
  });

  it('exits with 0 when nothing is wrong', async () => {
    const { code, stdout } = await runProgram('diagnose', `--replay=${labRecordings}/director1`);
    expect([code, stdout.slice(0, 3)]).toEqual([0, 'OK:']);
  });

  it('exits with 1 when there is time', async () => {
    const { code, stdout } = await runProgram(
      'diagnose',
      `--replay=${labRecordings}/director1`,
      '--upstream.conntrack-limit=11000',
    );
    expect([code, stdout.slice(0, 8)]).toEqual([1, 'WARNING:']);
  });

  it('writes JSON', async () => {
    const { code, stdout } = await runProgram('diagnose', `--replay=${labRecordings}/compute`, '--json');
    expect(code).toBe(2);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      schemaVersion: 1,
      severity: 'critical',
      findings: [
        {
          id: 'conntrack-table-evicting',
          alert: 'ConntrackTableEvicting',
          subject: {},
          numbers: { presentEntries: 4096, limitEntries: 4096, usedRatio: 1, evictedFlows: 836 },
          remedies: [
            { id: 'larger-table', owner: 'operator' },
            { id: 'limit-destination-iptables' },
            { id: 'limit-destination-nftables' },
            { id: 'notrack-iptables' },
            {},
            {},
            {},
            { id: 'look-at-opener' },
          ],
        },
      ],
      tables: [{ presentEntries: 4096, limitEntries: 4096, fullInSeconds: 0 }],
    });
  });

  it('is a check of Nagios: one line, with performance data', async () => {
    const { code, stdout } = await runProgram('diagnose', `--replay=${labRecordings}/compute`, '--output=check');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^LVS CRITICAL: [^|\n]+ \| [^|\n]+\n$/);
    expect(stdout.split(' | ')[1]?.trim().split(' ')).toEqual([
      'critical=1;;0;0',
      'warning=0;0;;0',
      'entries=4096;;;0;4096',
      'used=100%;75;90;0;100',
      'settles=149.21%;80;100;0',
      'full_in=0s;86400:;3600:;0',
      'evicted=55.78;;0;0',
      'dropped=0;;0;0',
    ]);
  });

  it('is a check of Nagios that shows what it could not look at', async () => {
    const { code, stdout } = await runProgram('diagnose', '--replay=/nonexistent', '--output=check');
    expect([code, stdout]).toEqual([
      3,
      'LVS UNKNOWN: Cannot replay "/nonexistent": it is not a recording (no recording.json)\n',
    ]);
  });

  it.each([
    [['--bogus'], 'Unknown option \'--bogus\'\nTry "lvs-exporter --help".\n'],
    [['now'], 'Command "diagnose" expects no argument, got "now"\nTry "lvs-exporter --help".\n'],
    [
      ['--duration=x'],
      'Option --duration: expected a duration above zero such as 15s or 1m30s, got "x"\nTry "lvs-exporter --help".\n',
    ],
    [['--replay=/nonexistent'], 'Cannot replay "/nonexistent": it is not a recording (no recording.json)\n'],
  ])('exits with 3 when it cannot look: %j', async (argv, message) => {
    expect(await runProgram('diagnose', ...argv)).toEqual({
      code: 3,
      stdout: '',
      stderr: `lvs-exporter: ${message}`,
    });
  });
});

describe('docs/diagnose.md', () => {
  it('shows what is printed', async () => {
    const document = await readFile('docs/diagnose.md', 'utf8');
    const { stdout: diagnosis } = await onCompute;
    const { stdout: plan } = await runProgram('plan', '--tcp=100@2s', '--udp=20', '--limit=16384');
    const [finding = ''] = diagnosis.split('\n\nRead ');
    expect(document).toContain(finding);
    expect(document).toContain(plan);
  });
});

describe('lvs-exporter plan', () => {
  it('calculates from rates', async () => {
    const { code, stdout } = await runProgram('plan', '--tcp=100@2s', '--udp=20', '--limit=16384', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      liveEntries: 12_600,
      maxEntries: 19_800,
      limit: 32_768,
      present: { limit: 16_384, entriesPerSecond: 120 },
    });
  });

  it('reads the rates of a director', async () => {
    const { code, stdout } = await runProgram('plan', `--replay=${labRecordings}/director1`, '--limit=4096');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}tcp, .*: \d+ per second, 0 s each: /m);
  });

  it('reads the arrivals of a host that tracks connections and has no virtual servers', async () => {
    const { code, stdout } = await runProgram('plan', `--replay=${labRecordings}/compute`, '--json');
    expect(code).toBe(0);
    const { loads, present, limit } = JSON.parse(stdout);
    expect(loads).toContainEqual(expect.objectContaining({ protocol: 'tcp', seen: 'half' }));
    expect(present.limit).toBe(4096);
    expect(limit).toBeGreaterThan(4096);
  });

  it('refuses what is no rate', async () => {
    const { code, stderr } = await runProgram('plan', '--tcp=many');
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      'lvs-exporter: Option --tcp: expected a rate and a duration such as 100@2s, got "many"',
    ]);
  });
});
