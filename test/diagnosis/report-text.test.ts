import { expect, it } from 'vitest';
import type { Finding, Remedy } from '../../src/diagnosis/finding.ts';
import type { Report } from '../../src/diagnosis/report.ts';
import { renderReport } from '../../src/diagnosis/report-text.ts';

const remedy: Remedy = {
  title: 'Do one thing',
  by: 'operator',
  commands: ['a command that is longer than a line of this report --but --is --never --broken'],
  tradeOff: 'It costs something.',
  undo: ['undo it'],
};
const finding: Finding = {
  id: 'it-is-wrong',
  subject: '',
  urgency: 'warning',
  title: 'Something is wrong with this machine, and it takes more than one line to say what',
  evidence: ['A number that is 7', 'Another that is so long that it has to go on in a second line'],
  consequence: 'It gets worse.',
  remedies: [remedy, { ...remedy, title: 'Do another', by: 'tenant', tradeOff: '', undo: [] }],
  runbook: 'SomethingWrong',
};
const report: Report = {
  urgency: 'warning',
  at: '2026-11-23T02:45:47.679Z',
  findings: [finding, { ...finding, urgency: 'info', title: 'Good to know', remedies: [], runbook: undefined }],
  seen: ['conntrack', 'platform'],
  absent: ['ipvs'],
};
const plain = { columns: 60, colour: false, verbose: false };

it('a report begins with what is worst', () => {
  expect(renderReport(report, plain)).toMatchInlineSnapshot(`
    "WARNING: Something is wrong with this machine, and it takes
    more than one line to say what
      - A number that is 7
      - Another that is so long that it has to go on in a second
        line
      It gets worse.

      To do, operator: Do one thing
          a command that is longer than a line of this report --but --is --never --broken
        It costs something.
        Back:
          undo it
      Or, tenant: Do another
      More: docs/runbooks/SomethingWrong.md

    INFO: Good to know
      - A number that is 7
      - Another that is so long that it has to go on in a second
        line
      It gets worse.

    Looked at conntrack, platform at 2026-11-23T02:45:47.679Z
    Not there: ipvs
    The commands of the other remedies: --verbose
    "
  `);
});

it('a verbose report has the commands of all remedies', () => {
  expect(renderReport(report, { ...plain, verbose: true })).toMatchInlineSnapshot(`
    "WARNING: Something is wrong with this machine, and it takes
    more than one line to say what
      - A number that is 7
      - Another that is so long that it has to go on in a second
        line
      It gets worse.

      To do, operator: Do one thing
          a command that is longer than a line of this report --but --is --never --broken
        It costs something.
        Back:
          undo it

      Or, tenant: Do another
          a command that is longer than a line of this report --but --is --never --broken
      More: docs/runbooks/SomethingWrong.md

    INFO: Good to know
      - A number that is 7
      - Another that is so long that it has to go on in a second
        line
      It gets worse.

    Looked at conntrack, platform at 2026-11-23T02:45:47.679Z
    Not there: ipvs
    "
  `);
});

it('a report on a healthy machine says so first', () => {
  const healthy: Report = { ...report, urgency: 'ok', findings: [] };
  expect(renderReport(healthy, plain)).toMatchInlineSnapshot(`
    "OK: Nothing found that somebody has to act on

    Looked at conntrack, platform at 2026-11-23T02:45:47.679Z
    Not there: ipvs
    "
  `);
  expect(renderReport({ ...healthy, findings: report.findings.slice(1) }, plain)).toMatchInlineSnapshot(`
    "OK: Nothing found that somebody has to act on, but for what is worth knowing

    INFO: Good to know
      - A number that is 7
      - Another that is so long that it has to go on in a second
        line
      It gets worse.

    Looked at conntrack, platform at 2026-11-23T02:45:47.679Z
    Not there: ipvs
    "
  `);
});

it('only the urgency is in colour, and does not count as text', () => {
  const [plainLine, colourLine] = [plain, { ...plain, colour: true }].map(
    (one) => renderReport(report, one).split('\n')[0],
  );
  expect(colourLine).toBe(plainLine?.replace('WARNING', '\u001b[33;1mWARNING\u001b[0m'));
});
