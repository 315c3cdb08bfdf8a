import { blames, diagnoseNode, listFindings, tableFindings, type, undoOf } from '../cluster/diagnosis.ts';
import { withLastingLoad } from '../cluster/lasting-load.ts';
import type { Node } from '../cluster/node.ts';
import { withTableSize } from '../cluster/table-size.ts';
import type { Lab } from '../lab.ts';
import { countStates } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';
import { seeRemedied, watch } from './typed-remedy.ts';

export const diagnose: Scenario = {
  name: 'diagnose',
  shows: 'diagnose finds nothing on a cluster in order; of a table that the VIP fills it reports what empties it',
  run: async (lab) => {
    const compute = lab.node('compute');
    await compute.run('conntrack', ['--flush']);
    for (const name of ['compute', 'director1', 'director2']) await seeHealthy(lab, lab.node(name));
    await withTableSize(compute, size, () => seeBuildUp(lab, compute));
    await compute.run('conntrack', ['--flush']);
  },
};

async function seeHealthy({ see }: Lab, node: Node): Promise<void> {
  await see(
    `diagnose finds nothing on ${node.name}`,
    async () => {
      const diagnosis = await diagnoseNode(node, watch);
      return { exitCode: diagnosis.exitCode, findings: listFindings(diagnosis) };
    },
    ({ exitCode, findings }) => exitCode === 0 && findings.length === 0,
    { withinSeconds: 40 },
  );
}

/** Full after half a minute; see lab/README.md on the buckets. */
const size = { limit: 1000, buckets: 512 };
const perSecond = 30;

async function seeBuildUp(lab: Lab, compute: Node): Promise<void> {
  const { node, vip, see } = lab;
  const load = await withLastingLoad(node('client'), `http://${vip}/`, perSecond, () => seeEmptied(lab, compute));
  await see(
    'no request failed, before or after',
    async () => load,
    ({ finished, failed }) => finished > 0 && failed === 0,
  );
}

async function seeEmptied(lab: Lab, compute: Node): Promise<void> {
  const { vip, see } = lab;
  await see(
    'diagnose reports on compute that the VIP fills the table, and exits with 2',
    async () => {
      const diagnosis = await diagnoseNode(compute, watch);
      return { exitCode: diagnosis.exitCode, isBlamed: blames(diagnosis, vip, 'direct_return') };
    },
    ({ exitCode, isBlamed }) => exitCode === 2 && isBlamed,
    { withinSeconds: 120 },
  );
  const remedy = await seeRemedied(lab, compute, { ids: tableFindings, remedyId: 'notrack-iptables' });
  await see(
    'no entry for the VIP is left, and none comes while requests go on',
    () => countStates(compute, vip, 80),
    (states) => Object.keys(states).length === 0,
  );
  await type(compute, undoOf(remedy));
  await see(
    'after its way back, entries for the VIP come again',
    () => countStates(compute, vip, 80),
    (states) => Object.keys(states).length > 0,
  );
}
