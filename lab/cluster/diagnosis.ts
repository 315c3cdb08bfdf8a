import type { FindingId } from '../../src/diagnosis/facts.ts';
import { culpritsOf } from '../../src/diagnosis/finding.ts';
import type { RemedyId } from '../../src/diagnosis/remedies/index.ts';
import { isNone, type Remedy } from '../../src/diagnosis/remedy.ts';
import type { Report } from '../../src/diagnosis/report/report.ts';
import { nameSubject } from '../../src/diagnosis/text/subject.ts';
import type { Verdict } from '../../src/flows/classification/verdict-kinds.ts';
import { repository } from './folders.ts';
import type { Node } from './node.ts';

export interface Diagnosis {
  readonly exitCode: number;
  readonly report: Report;
}

/** What `lvs-exporter diagnose` reports on a node. */
export async function diagnoseNode(node: Node, ...options: readonly string[]): Promise<Diagnosis> {
  const command = [process.execPath, `${repository}/dist/main.js`, 'diagnose', '--output=json', ...options];
  // Its exit code is the state of the node; a command that "fails" would be a failure of the lab.
  const text = await node.run('bash', ['-c', '"$@"; echo "$?"', 'diagnose', ...command]);
  const [, json = '', code] = /^(.*\n)(\d+)\n$/s.exec(text) ?? [];
  return { exitCode: Number(code), report: JSON.parse(json) };
}

/** Types commands as an operator would. Rejects at the first that fails. */
export async function type(node: Node, commands: readonly string[]): Promise<void> {
  for (const command of commands) await node.run('bash', ['-c', command]);
}

/**
 * A remedy of the first finding of one of these kinds: its best one, or the one that is named. Undefined where there is no
 * such finding, or no such remedy.
 */
export function findRemedy({ report }: Diagnosis, ids: readonly FindingId[], remedyId?: RemedyId): Remedy | undefined {
  const remedies = report.findings.find(({ id }) => ids.includes(id))?.remedies;
  return remedyId === undefined ? remedies?.[0] : remedies?.find(({ id }) => id === remedyId);
}

/** What takes a remedy back: nothing for one that cannot be. */
export function undoOf(remedy: Remedy | undefined): readonly string[] {
  return remedy === undefined || isNone(remedy.undo) ? [] : remedy.undo;
}

/** The findings on a table that is full or will be. */
export const tableFindings = [
  'conntrack-table-dropping',
  'conntrack-table-evicting',
  'conntrack-table-nearly-full',
  'conntrack-table-full-soon',
  'conntrack-equilibrium-high',
] as const satisfies readonly FindingId[];

/** Whether the destination that is blamed for a full table is this address, and its flows are what the verdict reports. */
export function blames({ report }: Diagnosis, address: string, verdict: Verdict): boolean {
  const [worst] = report.findings.slice(0, 1).flatMap(culpritsOf);
  return worst?.subject.destination?.address === address && worst.verdict === verdict;
}

/** The findings in short: severity, kind and what each is about; of what could not be seen, why. */
export function listFindings({ report }: Diagnosis): string[] {
  return report.findings.map((finding) => {
    const { severity, id, subject, details } = finding;
    return [severity, id, nameSubject(subject), 'hint' in details ? details.reason : ''].join(' ').trimEnd();
  });
}
