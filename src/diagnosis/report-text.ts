import type { Finding, Remedy, Urgency } from './finding.ts';
import type { Report } from './report.ts';

export interface TextOptions {
  /** Characters of a line. Commands are never broken. */
  readonly columns: number;
  /** Whether the urgencies are in colour. */
  readonly colour: boolean;
  /** Whether every remedy is told in full, and not only the first of each finding. */
  readonly verbose: boolean;
}

/** A report for a person. Its first line stands for the whole, as check plugins have it. */
export function renderReport(report: Report, options: TextOptions): string {
  const sections = [
    ...(report.urgency === 'ok' ? [renderHealthy(report, options)] : []),
    ...report.findings.map((finding) => renderFinding(finding, options)),
    renderCoverage(report, options),
  ];
  return `${sections.join('\n\n')}\n`;
}

function renderHealthy({ findings }: Report, options: TextOptions): string {
  const rest = findings.length === 0 ? '' : ', but for what is worth knowing';
  return paint('ok', `OK: Nothing found that somebody has to act on${rest}`, options);
}

function renderFinding(finding: Finding, options: TextOptions): string {
  const { urgency, title, evidence, consequence, remedies, runbook } = finding;
  const [heading = '', ...moreHeading] = wrap(`${urgency.toUpperCase()}: ${title}`, '', options);
  const [first, ...others] = remedies;
  return [
    paint(urgency, heading, options),
    ...moreHeading,
    ...evidence.flatMap((line) => wrap(line, '  - ', options)),
    ...wrap(consequence, '  ', options),
    ...(first === undefined ? [] : ['', ...renderRemedy('To do', first, options)]),
    ...others.flatMap((remedy) =>
      options.verbose
        ? ['', ...renderRemedy('Or', remedy, options)]
        : wrap(`Or, ${remedy.by}: ${remedy.title}`, '  ', options),
    ),
    ...(runbook === undefined ? [] : [`  More: docs/runbooks/${runbook}.md`]),
  ].join('\n');
}

function renderRemedy(word: string, { title, by, commands, tradeOff, undo }: Remedy, options: TextOptions): string[] {
  return [
    ...wrap(`${word}, ${by}: ${title}`, '  ', options),
    ...commands.map((command) => `      ${command}`),
    ...(tradeOff === '' ? [] : wrap(tradeOff, '    ', options)),
    ...(undo.length === 0 ? [] : ['    Back:', ...undo.map((command) => `      ${command}`)]),
  ];
}

function renderCoverage({ at, findings, seen, absent }: Report, options: TextOptions): string {
  const hasMore = !options.verbose && findings.some(({ remedies }) => remedies.length > 1);
  return [
    ...wrap(`Looked at ${seen.length === 0 ? 'nothing' : seen.join(', ')} at ${at}`, '', options),
    ...(absent.length === 0 ? [] : wrap(`Not there: ${absent.join(', ')}`, '', options)),
    ...(hasMore ? ['The commands of the other remedies: --verbose'] : []),
  ].join('\n');
}

const colours: Readonly<Record<Urgency | 'ok', string>> = { critical: '31;1', warning: '33;1', info: '36', ok: '32;1' };

/** The urgency, with which a line begins. A line is wrapped before: colours take no room on it. */
function paint(urgency: Urgency | 'ok', line: string, { colour }: TextOptions): string {
  const [word, rest] = [line.slice(0, urgency.length), line.slice(urgency.length)];
  return colour ? `\u001b[${colours[urgency]}m${word}\u001b[0m${rest}` : line;
}

/** Breaks a text into lines; the second and further ones begin below the first. */
function wrap(text: string, indent: string, { columns }: TextOptions): string[] {
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      [line, isEmpty] = [' '.repeat(indent.length), true];
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
