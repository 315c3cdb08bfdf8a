import { setTimeout as sleep } from 'node:timers/promises';
import { diagnoseNode, findRemedy, listFindings, tableFindings, type, undoOf } from '../cluster/diagnosis.ts';
import { withLastingLoad } from '../cluster/lasting-load.ts';
import type { Node } from '../cluster/node.ts';
import { withTableSize } from '../cluster/table-size.ts';
import type { Lab } from '../lab.ts';
import { countEntries, sumCounter } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';
import { seeRemedied, seeService, watch } from './typed-remedy.ts';

export const remedies: Scenario = {
  name: 'remedies',
  shows:
    'the first remedy of diagnose fixes a path that drops INVALID packets, few buckets, evictions, weights and ARP',
  run: async (lab) => {
    await seePathMended(lab);
    await seeBucketsAdded(lab);
    await seeEnlarged(lab);
    await seeWeightMended(lab);
    await seeArpMended(lab);
  },
};

/** A firewall on the way that drops INVALID packets. The director cannot see it, but can conclude it. */
async function seePathMended(lab: Lab): Promise<void> {
  const { node, vip } = lab;
  const compute = node('compute');
  const rule = ['FORWARD', '-m', 'conntrack', '--ctstate', 'INVALID', '-j', 'DROP'];
  await compute.run('conntrack', ['--flush']);
  await compute.run('iptables', ['-I', ...rule]);
  await withLastingLoad(node('client'), `http://${vip}/`, perSecond, () => seePassable(lab, compute));
  await compute.run('iptables', ['-D', ...rule]);
  await seeService(lab, 'without the rule that dropped');
}

const perSecond = 20;

async function seePassable(lab: Lab, compute: Node): Promise<void> {
  const { node, vip, see } = lab;
  await see(
    'diagnose on director1 reports that only the first packet of each connection to the VIP arrives',
    async () => listFindings(await diagnoseNode(node('director1'), watch)),
    (findings) => findings.includes(`critical first-packets-only tcp ${vip}:80`),
    { withinSeconds: 60 },
  );
  const remedy = await seeRemedied(lab, compute, { ids: ['invalid-dropped'] });
  await seeService(lab, 'exempt from tracking');
  await type(compute, undoOf(remedy));
}

/** A limit that an administrator raised without the buckets. */
async function seeBucketsAdded(lab: Lab): Promise<void> {
  const compute = lab.node('compute');
  await withTableSize(compute, { limit: 16_384, buckets: 1024 }, async () => {
    await seeRemedied(lab, compute, { ids: ['conntrack-buckets-too-few'], remedyId: 'more-buckets' });
    await lab.see(
      'the table has as many buckets as entries',
      () => compute.run('sysctl', ['-n', 'net.netfilter.nf_conntrack_buckets']),
      (buckets) => Number(buckets) === 16_384,
    );
  });
}

/** Full after half a minute; see lab/README.md on the buckets. */
const small = { limit: 1000, buckets: 512 };

/** A table that evicts, and the remedy that gives room at once. */
async function seeEnlarged(lab: Lab): Promise<void> {
  const { node, vip, see } = lab;
  const compute = node('compute');
  await compute.run('conntrack', ['--flush']);
  await withTableSize(compute, small, () =>
    withLastingLoad(node('client'), `http://${vip}/`, 30, async () => {
      const remedy = await see(
        'diagnose on compute reports a full table and the size that it needs',
        async () => findRemedy(await diagnoseNode(compute, watch), tableFindings, 'larger-table'),
        (found) => found !== undefined,
        { withinSeconds: 120 },
      );
      await type(compute, remedy?.commands ?? []);
      await see(
        'the table outgrows its old limit, and evicts nothing in ten seconds',
        async () => ({ evicted: await countEvictions(compute, 10), entries: await countEntries(compute) }),
        ({ evicted, entries }) => evicted === 0 && entries > small.limit,
        { withinSeconds: 60 },
      );
    }),
  );
  await compute.run('conntrack', ['--flush']);
}

async function countEvictions(node: Node, seconds: number): Promise<number> {
  const before = await sumCounter(node, 'early_drop');
  await sleep(seconds * 1000);
  return (await sumCounter(node, 'early_drop')) - before;
}

/** A real server that an administrator drained by hand, and that keepalived considers up. */
async function seeWeightMended(lab: Lab): Promise<void> {
  const { node, vip } = lab;
  const director = node('director1');
  await director.run('ipvsadm', ['-e', '-t', `${vip}:80`, '-r', `${node('rs1').address}:80`, '-g', '-w', '0']);
  await seeRemedied(lab, director, { ids: ['keepalived-kernel-disagrees'], remedyId: 'match-keepalived' });
  await seeService(lab, 'with its weight again');
}

/** A real server that answers ARP for the VIP. Without the platform, or diagnose would report that it is no host of its own. */
async function seeArpMended(lab: Lab): Promise<void> {
  const { node, see } = lab;
  const server = node('rs1');
  const settings = ['net.ipv4.conf.all.arp_ignore', 'net.ipv4.conf.all.arp_announce'];
  await server.run('sysctl', ['-qw', ...settings.map((name) => `${name}=0`)]);
  await seeRemedied(lab, server, { ids: ['answers-arp'] }, '--no-collector.platform');
  await see(
    'it keeps quiet about the VIP',
    () => server.run('sysctl', ['-n', ...settings]),
    (values) => values === '1\n2\n',
  );
  await seeService(lab, 'with its settings again');
}
