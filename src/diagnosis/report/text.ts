import type { Severity } from '../../identity/severity.ts';
import { several } from '../../readings/format.ts';
import type { Finding } from '../finding.ts';
import { runbookOf } from '../kinds/index.ts';
import type { Remedy } from '../remedy.ts';
import { renderRemedy } from '../remedy-text.ts';
import { describeFinding } from '../text/index.ts';
import type { Report } from './report.ts';
import { wrap } from './wrap.ts';

export interface TextOptions {
  /** Characters of a line. Commands, and the first two lines of a finding, are never broken. */
  readonly columns: number;
  /** Whether the severities are in colour. */
  readonly colour: boolean;
  /** Whether every remedy is printed in full, and not only the first of each finding. */
  readonly verbose: boolean;
}

/** A report for a person. Its first two lines are enough to act: what happens, to whom, since when, what to type. */
export function renderReport(report: Report, options: TextOptions): string {
  const printed: Printed = { inFull: new Set(), named: new Set(), titles: new Map() };
  const sections = [
    ...(report.severity === 'ok' ? [renderHealthy(report, options)] : []),
    ...report.findings.map((finding) => renderFinding(finding, options, printed)),
    renderCoverage(report, options),
  ];
  return `${sections.join('\n\n')}\n`;
}

function renderHealthy({ findings }: Report, options: TextOptions): string {
  const rest = findings.length === 0 ? '' : ` (${several(findings.length, 'informational finding')})`;
  return paint('ok', `OK: no action required${rest}`, options);
}

/** The remedies of the findings above, by `keyOf`: typed twice, a rule would be there twice. */
interface Printed {
  readonly inFull: Set<string>;
  readonly named: Set<string>;
  /** Of the remedy that changes a kernel setting. A further one would take that back. */
  readonly titles: Map<string, string>;
}

function renderFinding(finding: Finding, options: TextOptions, printed: Printed): string {
  const { id, severity, remedies } = finding;
  const { title, notice, evidence, consequence } = describeFinding(finding);
  const [first, ...others] = remedies;
  const runbook = runbookOf(id);
  const { inFull, named, titles } = printed;
  const above = first && titleAbove(first, printed);
  const fresh = others.filter((remedy) => !named.has(keyOf(remedy)));
  for (const remedy of remedies) named.add(keyOf(remedy));
  for (const remedy of options.verbose ? remedies : remedies.slice(0, 1)) inFull.add(keyOf(remedy));
  for (const setting of first === undefined || above !== undefined ? [] : settingsOf(first)) {
    titles.set(setting, first?.title ?? '');
  }
  return [
    paint(severity, `${severity.toUpperCase()}: ${title}`, options),
    [notice, ...(first === undefined ? [] : [above === undefined ? firstStep(first) : `See above: ${above}.`])].join(
      ' ',
    ),
    ...evidence.flatMap((line) => wrap(line, '  - ', options)),
    ...wrap(consequence, '  ', options),
    ...(first === undefined || above !== undefined ? [] : ['', ...renderRemedy('To do', first, options)]),
    ...fresh.flatMap((remedy) => renderOther(remedy, options)),
    ...(runbook === undefined ? [] : [`  Runbook: docs/runbooks/${runbook}.md`]),
  ].join('\n');
}

function keyOf({ commands }: Remedy): string {
  return commands.join('\n');
}

/** The same commands, or others for settings that an earlier remedy has changed. */
function titleAbove(remedy: Remedy, { inFull, titles }: Printed): string | undefined {
  if (inFull.has(keyOf(remedy))) return remedy.title;
  const settings = settingsOf(remedy);
  const [first = ''] = settings;
  return settings.length > 0 && settings.every((one) => titles.has(one)) ? titles.get(first) : undefined;
}

/** Empty for a remedy that does anything else as well. */
function settingsOf({ commands }: Remedy): string[] {
  const settings = commands.map((command) => /^sysctl -w ([^=]+)=/.exec(command)?.[1]);
  return settings.every((one) => one !== undefined) ? settings : [];
}

/** Longer ones are below. */
const maxTyped = 240;

function firstStep({ commands, checkFirst: [check], effect }: Remedy): string {
  if (check !== undefined) return `Check first: ${check.command}`;
  const typed = commands.join(' && ');
  const isPlain = commands.length === 1 || !/[|;]/.test(typed);
  if (typed.length > maxTyped || !isPlain) return 'Type the commands below.';
  return `${effect === 'look' ? 'To see more, type' : 'Type'}: ${typed}`;
}

function renderOther(remedy: Remedy, options: TextOptions): string[] {
  return options.verbose
    ? ['', ...renderRemedy('Or', remedy, options)]
    : wrap(`Or (${remedy.owner}): ${remedy.title}`, '  ', options);
}

function renderCoverage({ at, findings, seen, absent }: Report, options: TextOptions): string {
  const hasMore = !options.verbose && findings.some(({ remedies }) => remedies.length > 1);
  return [
    ...wrap(`Read ${seen.length === 0 ? 'nothing' : seen.join(', ')} at ${at}`, '', options),
    ...(absent.length === 0 ? [] : wrap(`Absent: ${absent.join(', ')}`, '', options)),
    ...(hasMore ? ['To print the commands of the other remedies, add --verbose'] : []),
  ].join('\n');
}

const colours: Readonly<Record<Severity | 'ok', string>> = {
  critical: '31;1',
  warning: '33;1',
  info: '36',
  ok: '32;1',
};

/** Colours the severity, with which a line begins. */
function paint(severity: Severity | 'ok', line: string, { colour }: TextOptions): string {
  const [word, rest] = [line.slice(0, severity.length), line.slice(severity.length)];
  return colour ? `\u001b[${colours[severity]}m${word}\u001b[0m${rest}` : line;
}
