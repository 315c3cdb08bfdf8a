import type { FindingId } from '../../src/diagnosis/facts.ts';
import type { RemedyId } from '../../src/diagnosis/remedies/index.ts';
import type { Remedy } from '../../src/diagnosis/remedy.ts';
import { diagnoseNode, findRemedy, listFindings, type } from '../cluster/diagnosis.ts';
import { sendRequests } from '../cluster/load.ts';
import type { Node } from '../cluster/node.ts';
import type { Cluster } from '../lab.ts';

/** Shorter than by default, because a node takes long to start the program. */
export const watch = '--duration=4s';

/** One run takes half of it when nothing else does. */
const withinSeconds = 60;

/**
 * Sees a finding of one of these kinds, types the commands of a remedy, by default its first one, and sees that it is
 * gone. Returns the remedy, whose commands are still in force.
 */
export async function seeRemedied(
  { see }: Cluster,
  node: Node,
  { ids, remedyId }: { readonly ids: readonly FindingId[]; readonly remedyId?: RemedyId },
  ...options: readonly string[]
): Promise<Remedy | undefined> {
  const found = await see(
    `diagnose finds ${ids.join(' or ')} on ${node.name}`,
    async () => {
      const diagnosis = await diagnoseNode(node, watch, ...options);
      const remedy = findRemedy(diagnosis, ids, remedyId);
      return { exitCode: diagnosis.exitCode, findings: listFindings(diagnosis), remedy };
    },
    ({ exitCode, remedy }) => exitCode > 0 && remedy !== undefined,
    { withinSeconds },
  );
  const remedy = found?.remedy;
  await type(node, remedy?.commands ?? []);
  await see(
    `after ${remedy?.id}, diagnose finds nothing that needs action`,
    async () => {
      const diagnosis = await diagnoseNode(node, watch, ...options);
      return { exitCode: diagnosis.exitCode, findings: listFindings(diagnosis) };
    },
    ({ exitCode }) => exitCode === 0,
    { withinSeconds },
  );
  return remedy;
}

export async function seeService({ node, vip, see }: Cluster, when: string): Promise<void> {
  await see(
    `${when}, both real servers answer for the VIP`,
    () => sendRequests(node('client'), `http://${vip}/`, [{ perSecond: 10, seconds: 1 }]),
    ({ failed, answers }) => failed === 0 && Object.keys(answers).sort().join() === 'rs1,rs2',
  );
}
