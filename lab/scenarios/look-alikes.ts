import { sendSyns } from '../cluster/flood.ts';
import { holdsAddress } from '../cluster/keepalived.ts';
import { sendRequests } from '../cluster/load.ts';
import type { Node } from '../cluster/node.ts';
import { queryOne, queryVerdicts } from '../cluster/queries.ts';
import { withSilentPort } from '../cluster/silent-port.ts';
import { withVirtualServer } from '../cluster/virtual-server.ts';
import type { Lab } from '../lab.ts';
import { countStates, sumCounter } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';

const floodedPort = 443;
const flood = { perSecond: 80, seconds: 55 };
const silentPort = 81;
/** Each waits for 5 s, in which the client sends its SYN three times. */
const vainRequests = [{ perSecond: 15, seconds: 50 }];
/** Of the flood: 5 s of it. */
const enoughEntries = 5 * flood.perSecond;

export const lookAlikes: Scenario = {
  name: 'look-alikes',
  shows: 'one-way entries of a SYN flood, and of a service that is down, are not mistaken for direct return',
  run: async (lab) => {
    const { node, vip } = lab;
    const [tenant, realServers] = [node('tenant'), [node('rs1'), node('rs2')]];
    await node('compute').run('conntrack', ['--flush']);
    await withSilentPort([tenant], floodedPort, () =>
      withSilentPort(realServers, silentPort, async () =>
        withVirtualServer(await findMaster(lab), { address: vip, port: silentPort }, realServers, () => watch(lab)),
      ),
    );
  },
};

async function findMaster({ node, vip }: Lab): Promise<Node> {
  const director1 = node('director1');
  return (await holdsAddress(director1, vip)) ? director1 : node('director2');
}

/** Both at once: neither leaves INVALID packets, of which the kernel has one counter for all destinations. */
async function watch(lab: Lab): Promise<void> {
  const { node, vip } = lab;
  const flooded = { address: node('tenant').address, port: floodedPort };
  const invalidBefore = await sumCounter(node('compute'), 'invalid');
  const loads = Promise.all([
    sendSyns(node('client'), flooded, flood),
    sendRequests(node('client'), `http://${vip}:${silentPort}/`, vainRequests),
  ]);
  await Promise.all([loads, seeLookAlikes(lab, invalidBefore)]);
}

async function seeLookAlikes(lab: Lab, invalidBefore: number): Promise<void> {
  await seeOneWayEntries(lab, invalidBefore);
  await seeArrivals(lab);
  await seeVerdict(lab, `${lab.node('tenant').address}:${floodedPort}`, 'syn_flood');
  await seeVerdict(lab, `${lab.vip}:${silentPort}`, 'unanswered');
}

/** Direct return leaves ten INVALID packets for each such entry. */
async function seeOneWayEntries({ node, vip, see }: Lab, invalidBefore: number): Promise<void> {
  const [compute, tenant] = [node('compute'), node('tenant')];
  await see(
    'a flood and a service that is down leave the entries of direct return, without its INVALID packets',
    async () => ({
      flood: await countStates(compute, tenant.address, floodedPort),
      down: await countStates(compute, vip, silentPort),
      invalid: (await sumCounter(compute, 'invalid')) - invalidBefore,
    }),
    ({ flood, down, invalid }) =>
      [flood, down].every((states) => Object.keys(states).join() === 'SYN_SENT [UNREPLIED]') &&
      sum(flood) >= enoughEntries &&
      invalid < sum(flood) / 10,
    { withinSeconds: 40 },
  );
}

function sum(states: Readonly<Record<string, number>>): number {
  return Object.values(states).reduce((total, entries) => total + entries, 0);
}

async function seeArrivals({ node, prometheus, see }: Lab): Promise<void> {
  const labels = `instance="compute",address="${node('tenant').address}",port="${floodedPort}"`;
  await see(
    `the flood is reported at the rate at which it is sent, ${flood.perSecond}/s`,
    () => queryOne(prometheus, `conntrack_destination_arrivals_per_second{${labels}}`),
    (perSecond) => Math.abs(perSecond / flood.perSecond - 1) < 0.2,
    { withinSeconds: 40 },
  );
}

async function seeVerdict({ prometheus, see }: Lab, destination: string, expected: string): Promise<void> {
  await see(
    `${destination} has the verdict ${expected}`,
    async () => (await queryVerdicts(prometheus))[destination],
    (verdict) => verdict === expected,
    { withinSeconds: 60 },
  );
}
