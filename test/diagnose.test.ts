import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { labRecordings } from './fixtures.ts';
import { runProgram } from './program.ts';

describe('lvs-exporter diagnose', () => {
  it('exits with 2 when somebody has to act now, and says why in its first line', async () => {
    const { code, stdout, stderr } = await runProgram('diagnose', `--replay=${labRecordings}/compute`);
    expect([code, stderr]).toEqual([2, '']);
    expect(stdout).toBe(await readFile('test/diagnosis/golden/compute.txt', 'utf8'));
  });

  it('exits with 0 when nothing is wrong', async () => {
    const { code, stdout } = await runProgram('diagnose', `--replay=${labRecordings}/director1`);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'OK: Nothing found that somebody has to act on']);
  });

  it('exits with 1 when there is time', async () => {
    const { code, stdout } = await runProgram('diagnose', `--replay=${labRecordings}/compute`, '--replay.at=40s');
    expect([code, stdout.slice(0, 8)]).toEqual([1, 'WARNING:']);
  });

  it('writes JSON', async () => {
    const { code, stdout } = await runProgram('diagnose', `--replay=${labRecordings}/compute`, '--json');
    expect(code).toBe(2);
    const { urgency, findings } = JSON.parse(stdout);
    expect(urgency).toBe('critical');
    expect(findings[0]).toMatchObject({
      id: 'table-full',
      subject: '',
      remedies: [{ title: 'Do not track tcp 10.0.0.100:80, with iptables', by: 'operator' }, {}, {}, {}, {}],
    });
  });

  it.each([
    [['--bogus'], 'Unknown option \'--bogus\'\nTry "lvs-exporter --help".\n'],
    [['now'], 'Command "diagnose" expects no argument, got "now"\nTry "lvs-exporter --help".\n'],
    [
      ['--for=x'],
      'Option --for: expected a duration above zero such as 15s or 1m30s, got "x"\nTry "lvs-exporter --help".\n',
    ],
    [['--replay=/nonexistent'], 'Cannot replay "/nonexistent": it has no recording.json\n'],
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
    const { stdout: diagnosis } = await runProgram('diagnose', `--replay=${labRecordings}/compute`);
    const { stdout: plan } = await runProgram('plan', '--tcp=100@2s', '--udp=20', '--limit=16384');
    const [finding = ''] = diagnosis.split('\n\nLooked at');
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
      mostEntries: 19_800,
      limit: 32_768,
      present: { limit: 16_384, entriesPerSecond: 120 },
    });
  });

  it('reads the rates of a director', async () => {
    const { code, stdout } = await runProgram('plan', `--replay=${labRecordings}/director1`, '--limit=4096');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}tcp, answered past the hop: \d+ a second, 0 s each: /m);
  });

  it('says what it needs where there is no director', async () => {
    const { code, stderr } = await runProgram('plan', `--replay=${labRecordings}/compute`);
    expect([code, stderr]).toEqual([
      1,
      'lvs-exporter: Cannot read the counters of virtual servers here: run it as root on a director, or tell the rates with --tcp and --udp\n',
    ]);
  });

  it('refuses what is no rate', async () => {
    const { code, stderr } = await runProgram('plan', '--tcp=many');
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      'lvs-exporter: Option --tcp: expected a rate and a duration such as 100@2s, got "many"',
    ]);
  });
});
