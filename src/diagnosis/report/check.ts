import { thresholds } from '../../identity/thresholds.ts';
import { describeFinding } from '../text/index.ts';
import type { Report } from './report.ts';
import type { ReportedTable } from './tables.ts';

/**
 * One line for Nagios and Icinga: the state, the worst finding, and performance data with thresholds
 * (https://nagios-plugins.org/doc/guidelines.html#AEN200).
 */
export function renderCheck(report: Report): string {
  const words = `LVS ${report.severity.toUpperCase()}: ${summarize(report)}`;
  return `${words} | ${within(maxLine - words.length, performanceData(report)).join(' ')}\n`;
}

/** The line of a check that could not look. */
export function renderUnknown(reason: string): string {
  return `LVS UNKNOWN: ${oneLine(reason)}\n`;
}

/** Plugins of Nagios are read up to 4 KB, and its words should leave room for the values. */
const maxLine = 4000;
const maxWords = 1000;

/** Values of the namespaces that come last are left out where there are too many. */
function within(length: number, data: readonly string[]): string[] {
  let used = 0;
  return data.filter((one) => {
    used += one.length + 1;
    return used <= length;
  });
}

function summarize({ severity, findings }: Report): string {
  const relevant = findings.filter((finding) => finding.severity !== 'info');
  const [worst] = relevant;
  if (severity === 'ok' || worst === undefined) return 'no action required';
  const { title, notice } = describeFinding(worst);
  const more = relevant.length > 1 ? ` (and ${relevant.length - 1} more)` : '';
  return `${oneLine(`${title}. ${notice}`, maxWords)}${more}`;
}

/** A bar would begin the performance data. */
function oneLine(text: string, most = maxWords): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').trim();
  return line.length > most ? `${line.slice(0, most)}...` : line;
}

function performanceData({ findings, tables }: Report): string[] {
  const number = (severity: string) => findings.filter((one) => one.severity === severity).length;
  return [`critical=${number('critical')};;0;0`, `warning=${number('warning')};0;;0`, ...tables.flatMap(ofTable)];
}

function ofTable({ namespace, ...table }: ReportedTable): string[] {
  const { presentEntries, limitEntries, settlesEntries, fullInSeconds, evictedPerSecond, droppedPerSecond } = table;
  const { conntrackUsed, conntrackEquilibrium, conntrackFullIn } = thresholds;
  const datum = (name: string, value: number | undefined, rest: string) =>
    value === undefined ? [] : [`${label(namespace, name)}=${Number(value.toFixed(2))}${rest}`];
  const ofLimit = (entries: number | undefined) =>
    entries === undefined || limitEntries === 0 ? undefined : (100 * entries) / limitEntries;
  return [
    ...datum('entries', presentEntries, `;;;0;${limitEntries === 0 ? '' : limitEntries}`),
    ...datum('used', ofLimit(presentEntries), `%;${percents(conntrackUsed)};0;100`),
    ...datum('settles', ofLimit(settlesEntries), `%;${percents(conntrackEquilibrium)};0`),
    ...datum('full_in', fullInSeconds, `s;${conntrackFullIn.warning}:;${conntrackFullIn.critical}:;0`),
    ...datum('evicted', evictedPerSecond, ';;0;0'),
    ...datum('dropped', droppedPerSecond, ';;0;0'),
  ];
}

function percents({ warning, critical }: { readonly warning: number; readonly critical: number }): string {
  return `${100 * warning};${100 * critical}`;
}

/** A label may have neither an equals sign nor a quote. */
function label(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `'${namespace.replaceAll(/[='|]/g, '_')} ${name}'`;
}
