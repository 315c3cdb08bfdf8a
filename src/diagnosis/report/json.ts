import { makeLinesVisible } from '../../identity/visible.ts';
import type { Finding } from '../finding.ts';
import { alertOf, runbookOf } from '../kinds/index.ts';
import { describeFinding } from '../text/index.ts';
import type { Report } from './report.ts';

/** The data of a report, and its sentences. docs/diagnose.md has the schema. */
export function renderJson(report: Report): string {
  return makeLinesVisible(`${JSON.stringify({ ...report, findings: report.findings.map(withWords) }, undefined, 2)}\n`);
}

function withWords(finding: Finding) {
  const { id, severity, subject, ...data } = finding;
  return { id, severity, subject, alert: alertOf(id), runbook: runbookOf(id), ...describeFinding(finding), ...data };
}
