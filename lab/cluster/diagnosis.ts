import type { Remedy } from '../../src/diagnosis/finding.ts';
import type { Report } from '../../src/diagnosis/report.ts';
import { repository } from './folders.ts';
import type { Node } from './node.ts';

export interface Diagnosis {
  readonly exitCode: number;
  readonly report: Report;
}

/** What `lvs-exporter diagnose` says on a node. */
export async function diagnoseNode(node: Node, ...options: readonly string[]): Promise<Diagnosis> {
  const command = [process.execPath, `${repository}/dist/main.js`, 'diagnose', '--json', ...options];
  // Its exit code says how the node is; a command that "fails" would be a failure of the lab.
  const text = await node.run('bash', ['-c', '"$@"; echo "$?"', 'diagnose', ...command]);
  const [, json = '', code] = /^(.*\n)(\d+)\n$/s.exec(text) ?? [];
  return { exitCode: Number(code), report: JSON.parse(json) };
}

/** Types commands as an operator would. Rejects at the first that fails. */
export async function type(node: Node, commands: readonly string[]): Promise<void> {
  for (const command of commands) await node.run('bash', ['-c', command]);
}

/** One of the remedies of a finding; undefined where there is no such finding, or no such remedy. */
export function findRemedy({ report }: Diagnosis, id: string, title: RegExp): Remedy | undefined {
  const finding = report.findings.find((one) => one.id === id);
  return finding?.remedies.find((remedy) => title.test(remedy.title));
}

/** The findings in short: urgency, kind and what each is about; of what could not be seen, why. */
export function listFindings({ report }: Diagnosis): string[] {
  return report.findings.map(({ urgency, id, subject, evidence }) =>
    [urgency, id, subject, ...(id === 'not-seen' ? evidence : [])].join(' ').trimEnd(),
  );
}
