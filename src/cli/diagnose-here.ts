import { createReport, exitCodes } from '../diagnosis/report/report.ts';
import { withFirewall } from '../host/linux-firewall.ts';
import { collectorsHere } from './collectors-here.ts';
import { diagnosisText } from './diagnosis-text.ts';
import { observeHere, type ProgressOutput } from './observe-here.ts';
import { openMachine } from './open-machine.ts';
import type { DiagnoseConfig } from './options/config.ts';

interface DiagnosisOutputs {
  /** Where the text goes, which may be a terminal. */
  readonly output: Parameters<typeof diagnosisText>[2];
  readonly mayColor: boolean;
  readonly progress: ProgressOutput;
}

/** Diagnoses this machine or a recording. */
export async function diagnoseHere(
  config: DiagnoseConfig,
  { output, mayColor, progress }: DiagnosisOutputs,
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const collectors = config.replay === undefined ? await collectorsHere(config) : config.collectors;
  const openHost = () => withFirewall(openMachine(config));
  const observed = await observeHere(config, collectors, openHost, progress);
  const report = createReport(observed);
  return { text: diagnosisText(report, config, output, mayColor), exitCode: exitCodes[report.severity] };
}
