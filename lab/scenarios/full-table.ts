import { heldPort, withHeldConnections } from '../cluster/held-connections.ts';
import { sendRequests } from '../cluster/load.ts';
import { queryOne, queryVerdicts } from '../cluster/queries.ts';
import { queryFullness, queryShares } from '../cluster/table-queries.ts';
import { withTableSize } from '../cluster/table-size.ts';
import type { Lab } from '../lab.ts';
import { countStates } from '../referees/conntrack.ts';
import { type Evictions, evictionsSince, readEvictions } from '../referees/evictions.ts';
import type { Scenario } from '../scenario.ts';
import { justBelow, seeForeseen } from './full-table-forecast.ts';

const heldConnections = 450;
/**
 * The kernel looks for a victim in 8 buckets and takes any entry that is not ASSURED. Each entry is in two buckets, one
 * for each direction. In the first table 1020 can be evicted, 32 in 8 buckets: it always finds one. In the second some
 * 40 can, in addition to the held connections and health checks, 1 in 8 buckets: it often finds none and drops the
 * packet.
 */
const roomy = { limit: 1500, buckets: 512 };
const crowded = { limit: 520, buckets: 512 };
/** Slow enough for two scans on the way, and on until the next one. */
const filling = [{ perSecond: 32, seconds: 50 }];
const pressing = [{ perSecond: 40, seconds: 12 }];

export const fullTable: Scenario = {
  name: 'full-table',
  shows: 'a table that fills is foreseen; full, it evicts one-way entries, or drops packets when most are ASSURED',
  run: async (lab) => {
    const [compute, client, tenant] = [lab.node('compute'), lab.node('client'), lab.node('tenant')];
    await compute.run('conntrack', ['--flush']);
    await withHeldConnections({ client, server: tenant, count: heldConnections }, async () => {
      await seeHeldConnections(lab);
      await withTableSize(compute, roomy, () => fill(lab));
      await compute.run('conntrack', ['--delete', '--orig-dst', lab.vip]);
      await withTableSize(compute, crowded, () => press(lab));
    });
    await compute.run('conntrack', ['--flush']);
  },
};

async function seeHeldConnections({ node, see }: Lab): Promise<void> {
  await see(
    `the tenant has ${heldConnections} connections that stay open`,
    () => countStates(node('compute'), node('tenant').address, heldPort),
    ({ ESTABLISHED }) => ESTABLISHED === heldConnections,
    { withinSeconds: 40 },
  );
}

/** Direct return fills what the held connections leave. */
async function fill(lab: Lab): Promise<void> {
  const before = await readEvictions(lab.node('compute'));
  const load = sendRequests(lab.node('client'), `http://${lab.vip}/`, filling);
  await Promise.all([load, seeFill(lab, before)]);
}

async function seeFill(lab: Lab, before: Evictions): Promise<void> {
  const { node, prometheus, see } = lab;
  await seeForeseen(lab, roomy.limit);
  await see(
    'compute evicts one-way entries and drops nothing, by conntrack -S',
    () => evictionsSince(before, node('compute')),
    ({ early_drop, drop }) => early_drop > 0 && drop === 0,
  );
  await see(
    'Prometheus has the table at its limit, full in 0 s, evicting and dropping nothing',
    () => queryFullness(prometheus),
    ({ entries, limit, fullInSeconds, evictedLately, droppedLately }) =>
      limit === roomy.limit &&
      entries >= limit - justBelow &&
      fullInSeconds === 0 &&
      evictedLately > 0 &&
      droppedLately === 0,
    { withinSeconds: 30 },
  );
  await seeShares(lab);
  await seeVerdicts(lab);
}

async function seeShares({ prometheus, see }: Lab): Promise<void> {
  const expected = heldConnections / roomy.limit;
  await see(
    `conntrack_table_entries reports ${expected * 100} % ASSURED, and the others unreplied`,
    () => queryShares(prometheus),
    ({ assured, unreplied }) => Math.abs(assured - expected) < 0.05 && Math.abs(unreplied - (1 - expected)) < 0.05,
  );
}

async function seeVerdicts({ node, vip, prometheus, see }: Lab): Promise<void> {
  const [virtual, held] = [`${vip}:80`, `${node('tenant').address}:${heldPort}`];
  await see(
    'the held connections have the verdict two_way, the VIP has direct_return',
    () => queryVerdicts(prometheus),
    (verdicts) => verdicts[held] === 'two_way' && verdicts[virtual] === 'direct_return',
    { withinSeconds: 30 },
  );
}

/** There is hardly anything to evict. */
async function press(lab: Lab): Promise<void> {
  const before = await readEvictions(lab.node('compute'));
  const load = sendRequests(lab.node('client'), `http://${lab.vip}/`, pressing);
  await Promise.all([load, seePress(lab)]);
  await seeSameDrops(lab, before);
}

async function seePress({ prometheus, see }: Lab): Promise<void> {
  await see(
    'Prometheus has a table that is full in 0 s and drops packets',
    () => queryFullness(prometheus),
    ({ limit, fullInSeconds, droppedLately }) => limit === crowded.limit && fullInSeconds === 0 && droppedLately > 0,
    { withinSeconds: 30 },
  );
  await see(
    'conntrack_table_entries reports nearly all entries as ASSURED',
    () => queryShares(prometheus),
    ({ assured }) => assured > 0.85,
  );
}

async function seeSameDrops({ node, prometheus, see }: Lab, before: Evictions): Promise<void> {
  await see(
    'conntrack_drop_total rose as much as conntrack -S reports',
    async () => {
      const exported = await queryOne(prometheus, 'sum(conntrack_drop_total{instance="compute"})');
      const { drop } = await evictionsSince(before, node('compute'));
      return { referee: drop, exported: exported - before.drop };
    },
    ({ referee, exported }) => referee > 0 && exported === referee,
    { withinSeconds: 30 },
  );
}
