import { describe, expect, it } from 'vitest';
import { renderCheck } from '../../src/diagnosis/report/check.ts';
import { renderJson } from '../../src/diagnosis/report/json.ts';
import { createReport } from '../../src/diagnosis/report/report.ts';
import { renderReport } from '../../src/diagnosis/report/text.ts';
import { createLog, type LogOptions } from '../../src/log/log.ts';
import { logMessages } from '../../src/log/messages.ts';
import { pageDocument } from '../../src/page/document.ts';
import { describeStatus } from '../../src/page/model/status.ts';
import { quote } from '../../src/parsers/numbers.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { describeTop } from '../../src/top/model.ts';
import { renderScreen } from '../../src/top/screen.ts';
import { firstView, press } from '../../src/top/view.ts';
import { holders, series, table, vrrp } from '../page/series.ts';

/**
 * A title of the terminal, text that is turned around, a C1 control, a carriage return, an invisible tag, half a pair, and
 * commands for a shell.
 */
const hostile =
  "$(id)`id`;|'&\u001b]0;pwned\u0007 \u202eevil\u2066 \u009b31m \rOK \nOK: no action required \u{e0041}\ud800\u2028";

/** Labels whose values a user other than root may choose. */
const names = new Set(['instance_name', 'interface', 'script', 'group', 'process', 'daemon', 'name', 'file']);
for (const name of ['vm', 'project', 'domain', 'device', 'zone', 'netns', 'bfd', 'owner', 'platform']) names.add(name);

function poison(sample: Sample): Sample {
  const labels = Object.entries(sample.labels).map(([name, value]) => [
    name,
    names.has(name) ? `${value}${hostile}` : value,
  ]);
  return { ...sample, labels: Object.fromEntries(labels) };
}

const samples = [
  ...table(990, 5000, 5),
  ...holders,
  ...vrrp('fault'),
  series('keepalived_script_up', 0, { script: 'check' }),
  series('keepalived_process_up', 0, { process: 'vrrp', daemon: 'one' }),
  series('keepalived_up', 0, { daemon: 'one' }),
  series('keepalived_sync_group_state', 1, { group: 'both', state: 'fault' }),
  series('keepalived_track_file_status', 3, { file: 'load' }),
  ...table(990, 5000, 5).map((one) => ({ ...one, labels: { ...one.labels, netns: 'router' } })),
].map(poison);

/** What a text has that moves a cursor, turns text around or cannot be seen, but for its own line ends. */
const invisible = (text: string) => text.match(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu);

/** How the program colours a severity. */
const terminalEscape = '\u001b';
const ownColours = new RegExp(`^${terminalEscape}\\[(?:31;1|33;1|36|32;1)m([A-Z]+)${terminalEscape}\\[0m`, 'gm');

function liveView(): string {
  const subject = { name: hostile, intervalSeconds: 5, problem: hostile };
  const model = describeTop({ atSeconds: 0, samples }, undefined, subject);
  const shown = ['1', '2', '3', '4', '5'].map((key) => press(firstView, key, { columns: [9, 9, 9, 9, 9], rows: 20 }));
  const lines = shown.flatMap((view) => (view ? renderScreen(model, view, { columns: 160, rows: 40 }) : []));
  return lines.map(({ text }) => text).join('\n');
}

describe('names that move a cursor, turn text around or hide', () => {
  const report = createReport({ atSeconds: 0, now: samples, before: undefined, failures: new Map() });
  const text = renderReport(report, { columns: 120, colour: true, verbose: true }).replaceAll(ownColours, '$1');

  it('are in findings and in the commands that are printed', () => {
    expect(report.findings.length).toBeGreaterThan(3);
    expect(text).toContain('\\u202e');
    expect(text).toContain('ip netns exec');
  });

  it.each([
    ['the report', text],
    ['its JSON', renderJson(report)],
    ['the line of a check', renderCheck(report)],
    ['the page', pageDocument('1', describeStatus({ atSeconds: 0, samples }, undefined), [])],
    ['the live view', liveView()],
    ['a message of a parser', quote(hostile)],
  ])('are written as they are escaped in %s', (_where, output) => {
    expect(invisible(output)).toBe(null);
  });

  it('are within quotes where a shell reads them', () => {
    const commands = text.split('\n').filter((line) => line.startsWith('      '));
    const unquoted = commands.map((line) => line.replaceAll("\\'", '').replaceAll(/'[^']*'/g, ''));
    expect(commands.join('\n')).toContain('$(id)');
    expect(unquoted.filter((line) => /\$\(id\)|`id`|;\|/.test(line))).toEqual([]);
  });

  it('begin no line of a report', () => {
    expect(text).not.toMatch(/^\s*OK/m);
  });

  it('are written as they are escaped in JSON wherever they are in a report', () => {
    const output = renderJson({ ...report, absent: [hostile], at: `${report.at}${hostile}` });
    expect(invisible(output)).toBe(null);
    expect(JSON.parse(output)).toMatchObject({ absent: [hostile] });
  });

  it('are the same in JSON once it is read', () => {
    const found: unknown = JSON.parse(renderJson(report));
    expect(JSON.stringify(found)).toContain('\\\\u202e');
  });

  it.each(['logfmt', 'json'] as const)('are written as they are escaped in a log of %s', (format) => {
    const lines: string[] = [];
    const options: LogOptions = { level: 'info', format, write: (line) => lines.push(line) };
    createLog(options).warn({ error: hostile, name: '\u202egniht' }, logMessages.collectorFailed);
    expect(lines).toHaveLength(1);
    expect(invisible(lines.join(''))).toBe(null);
    expect(lines[0]).toContain('\\u202egniht');
  });
});
