import { createReport, exitCodes } from '../diagnosis/report/report.ts';
import { ifPresent } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import { withFirewall } from '../host/linux-firewall.ts';
import { quote } from '../parsers/numbers.ts';
import { collectorsHere } from './collectors-here.ts';
import { diagnosisText } from './diagnosis-text.ts';
import { observeHere, type ProgressOutput } from './observe-here.ts';
import { openMachine } from './open-machine.ts';
import type { DiagnoseConfig } from './options/config.ts';
import { UsageError } from './options/option.ts';

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
  if (config.replay === undefined) await expectNamespaces(config);
  const collectors = config.replay === undefined ? await collectorsHere(config) : config.collectors;
  const openHost = () => withFirewall(openMachine(config));
  const observed = await observeHere(config, collectors, openHost, progress);
  const report = createReport(observed);
  return { text: diagnosisText(report, config, output, mayColor), exitCode: exitCodes[report.severity] };
}

/**
 * A namespace that is named and not there is a mistake of who named it: nothing would be found in it. The exporter, which
 * goes on, waits for it.
 */
async function expectNamespaces(config: DiagnoseConfig): Promise<void> {
  const host = openMachine(config);
  for (const { name } of config.collectors) {
    const [, namespace] = /^conntrack@(.*)$/s.exec(name) ?? [];
    if (namespace === undefined || (await isThere(host.enter(namespace)))) continue;
    throw new UsageError(
      `Option --collector.conntrack.netns: expected a network namespace of "ip netns list" or a path, got ${quote(namespace)}`,
    );
  }
}

/** One that may not be entered is there, too: its collectors have the reason. */
async function isThere(host: Host): Promise<boolean> {
  try {
    return (await ifPresent(host.readFile('/proc/net/dev'))) !== undefined;
  } catch {
    return true;
  }
}
