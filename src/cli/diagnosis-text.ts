import { renderCheck } from '../diagnosis/report/check.ts';
import { renderJson } from '../diagnosis/report/json.ts';
import type { Report } from '../diagnosis/report/report.ts';
import { renderReport } from '../diagnosis/report/text.ts';
import type { DiagnoseConfig } from './options/config.ts';

/** Characters of a line: longer ones are hard to read. */
const widestText = 100;

/** A report in the form that was asked for, for the stream that it goes to. */
export function diagnosisText(
  report: Report,
  { output, verbose }: DiagnoseConfig,
  { isTTY: isTerminal = false, columns }: Pick<NodeJS.WriteStream, 'columns' | 'isTTY'>,
  mayHaveColour: boolean,
): string {
  if (output === 'json') return renderJson(report);
  if (output === 'check') return renderCheck(report);
  const colour = isTerminal && mayHaveColour;
  // Some terminals report 0 columns.
  return renderReport(report, { columns: Math.min(columns || widestText, widestText), colour, verbose });
}
