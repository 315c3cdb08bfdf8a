import { type, undoOf } from '../cluster/diagnosis.ts';
import { sendRequests } from '../cluster/load.ts';
import type { Node } from '../cluster/node.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { seeRemedied, seeService } from './typed-remedy.ts';

const finding = { ids: ['ipvs-drops-on-purpose'] } as const;

export const defence: Scenario = {
  name: 'defence',
  shows:
    'IPVS drops new connections on purpose, always or while memory is low: diagnose reports it, and its remedies end it',
  run: async (lab) => {
    const director = lab.node('director1');
    await set(director, 'am_droprate=1', 'drop_packet=3');
    await seeNoReply(lab);
    const remedy = await seeRemedied(lab, director, { ...finding, remedyId: 'defend-when-needed' });
    await seeService(lab, 'after defend-when-needed');
    await type(director, undoOf(remedy));
    await seeMode(lab, director, 3);
    // More pages than the machine has.
    await set(director, 'amemthresh=1000000', 'drop_packet=1');
    await seeMode(lab, director, 2);
    await seeRemedied(lab, director, { ...finding, remedyId: 'usual-memory-threshold' });
    await seeMode(lab, director, 1);
    await set(director, 'am_droprate=10', 'drop_packet=0');
  },
};

async function set(director: Node, ...settings: readonly string[]): Promise<void> {
  await director.run('sysctl', ['-qw', ...settings.map((one) => `net.ipv4.vs.${one}`)]);
}

async function seeNoReply({ see, node, vip }: Lab): Promise<void> {
  await see(
    'with drop_packet=3 and am_droprate=1, no request has a reply',
    () => sendRequests(node('client'), `http://${vip}/`, [{ perSecond: 10, seconds: 1 }]),
    ({ failed, answers }) => failed > 0 && Object.keys(answers).length === 0,
    { withinSeconds: 60 },
  );
}

/** The kernel looks at the memory every few seconds. */
async function seeMode({ see }: Lab, director: Node, mode: number): Promise<void> {
  await see(
    `drop_packet is ${mode}`,
    async () => Number(await director.run('sysctl', ['-n', 'net.ipv4.vs.drop_packet'])),
    (value) => value === mode,
    { withinSeconds: 30 },
  );
}
