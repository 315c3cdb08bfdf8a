import { describe, expect, it } from 'vitest';
import { createReport } from '../../src/diagnosis/report/report.ts';
import { renderReport } from '../../src/diagnosis/report/text.ts';
import { samplesOf } from './samples.ts';

const plain = { columns: 60, colour: false, verbose: false };

function reportOf(...texts: readonly string[]) {
  return createReport({ atSeconds: 0, now: samplesOf(...texts), before: undefined, failures: new Map() });
}

const flows = 'protocol="tcp",address="10.0.0.100",port="80",zone="0"';
const full = reportOf(
  `conntrack_entries 9500
  conntrack_entries_limit 10000
  conntrack_buckets 16384
  conntrack_timeout_seconds{protocol="tcp",state="syn_sent"} 120
  conntrack_destination_entries{${flows}} 9000
  conntrack_destination_unreplied_entries{${flows}} 9000
  conntrack_destination_verdict{${flows},verdict="syn_flood"} 1`,
);

describe('renderReport()', () => {
  const lines = renderReport(full, plain).split('\n');
  const [remedy, ...others] = full.findings[0]?.remedies ?? [];

  it('begins with the severity, and with what to type', () => {
    expect(lines[0]).toMatch(/^CRITICAL: /);
    const [check] = remedy?.checkFirst ?? [];
    expect(lines[1]).toContain(check?.command ?? remedy?.commands[0] ?? 'a command');
  });

  it('never breaks a command', () => {
    for (const command of remedy?.commands ?? []) expect(lines).toContain(`      ${command}`);
  });

  it('breaks all else at the width of the terminal', () => {
    const long = lines.slice(2).filter((line) => line.length > 60 && !line.startsWith('      '));
    expect(long.filter((line) => !/ \S*\/\S+$/.test(line))).toEqual([]);
  });

  it('prints the commands of the other remedies if asked to', () => {
    const verbose = renderReport(full, { ...plain, verbose: true }).split('\n');
    const [command = ''] = others.at(-1)?.commands ?? [];
    expect([lines.includes(`      ${command}`), verbose.includes(`      ${command}`)]).toEqual([false, true]);
  });

  it('prints one command for a setting of two findings, that of the first', () => {
    const timers = reportOf(`conntrack_entries 90
      conntrack_entries_limit 100
      conntrack_table_entries{protocol="udp",state="",replied="yes",assured="yes"} 85
      conntrack_timeout_seconds{protocol="udp",state="stream"} 7200`);
    const commands = timers.findings.map(({ remedies: [first] }) => first?.commands[0] ?? '');
    const setting = 'sysctl -w net.netfilter.nf_conntrack_udp_timeout_stream=';
    expect(commands.filter((command) => command.startsWith(setting))).toHaveLength(2);
    const printed = renderReport(timers, plain).split('\n');
    const toDo = printed.filter((line) => line.startsWith(`      ${setting}`) && !line.endsWith('=7200'));
    expect(toDo).toEqual([`      ${commands[0]}`]);
    expect(printed.filter((line) => line.includes('See above: '))).toHaveLength(1);
  });

  it('prints each remedy once, and refers to it from the findings below', () => {
    const own = 'address="192.0.2.10",zone="0"';
    const scan = reportOf(`conntrack_entries 9500
      conntrack_entries_limit 10000
      conntrack_source_entries{${own}} 9000
      conntrack_source_unreplied_entries{${own}} 9000
      conntrack_source_verdict{${own},verdict="scan"} 1`);
    const [first, second] = scan.findings;
    const [command = ''] = second?.remedies[0]?.commands ?? [];
    expect(first?.remedies[0]?.commands[0]).toBe(command);
    for (const verbose of [false, true]) {
      const printed = renderReport(scan, { ...plain, verbose }).split('\n');
      expect(printed.filter((line) => line === `      ${command}`)).toHaveLength(1);
    }
  });

  it('reports first about a healthy machine', () => {
    expect(renderReport(reportOf('conntrack_entries 1'), plain)).toMatch(/^OK: /);
  });

  it('colours only the severity, and does not count that as text', () => {
    const [plainLine, colourLine] = [plain, { ...plain, colour: true }].map(
      (one) => renderReport(full, one).split('\n')[0],
    );
    expect(colourLine).toBe(plainLine?.replace('CRITICAL', '\u001b[31;1mCRITICAL\u001b[0m'));
  });
});
