import { heldPort, withHeldConnections } from '../cluster/held-connections.ts';
import { sendRequests } from '../cluster/load.ts';
import { queryOne, queryVerdicts } from '../cluster/queries.ts';
import { withTableSize } from '../cluster/table-size.ts';
import type { Lab } from '../lab.ts';
import { countEntries, countStates, sumCounter } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';

/**
 * The kernel looks for a victim in 8 buckets and takes any entry that is not ASSURED. Each entry is in two buckets, one
 * for each direction. In the first table 1020 can be evicted, 32 in 8 buckets: it always finds one. In the second 60
 * can, besides the held connections and those of health checks, 2 in 8 buckets: it often finds none and drops the packet.
 */
const [roomy, crowded] = [
  { limit: 1500, buckets: 512 },
  { limit: 540, buckets: 512 },
];
const heldConnections = 450;
/** Slow enough for two scans on the way, and on until the next one. */
const filling = [{ perSecond: 32, seconds: 50 }];
const pressing = [{ perSecond: 40, seconds: 12 }];
/** An eviction takes every victim that its bucket has. */
const justBelow = 15;

export const fullTable: Scenario = {
  name: 'full-table',
  shows: 'a table that is full evicts half-seen entries, drops what is new when most are ASSURED, and was foreseen',
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
  const before = await readEvictions(lab);
  const load = sendRequests(lab.node('client'), `http://${lab.vip}/`, filling);
  await seeForeseen(lab);
  await seeEvictions(lab, before);
  await seeFull(lab);
  await seeShares(lab);
  await seeVerdicts(lab);
  await load;
}

interface Told {
  readonly secondsBefore: number;
  readonly told: number;
}

/** What each scan on the way told, compared with when the table was full by the kernel's own count. */
async function seeForeseen({ node, prometheus, see }: Lab): Promise<void> {
  const forecasts = new Map<number, number>();
  await see(
    "conntrack_full_in_seconds counts down to the moment when compute's table is full",
    async () => {
      const inSeconds = await queryOne(prometheus, 'conntrack_full_in_seconds{instance="compute"}');
      const fullAt = await queryOne(prometheus, fullAtExpression);
      if (Number.isFinite(inSeconds) && inSeconds > 0) forecasts.set(fullAt - inSeconds, inSeconds);
      const entries = await countEntries(node('compute'));
      return { entries, forecasts: compareForecasts(forecasts, Date.now() / 1000) };
    },
    ({ entries, forecasts }) => entries >= roomy.limit - justBelow && isGood(forecasts.at(-1)),
    { withinSeconds: 50 },
  );
}

const fullAtExpression =
  'conntrack_scan_timestamp_seconds{instance="compute"} + conntrack_full_in_seconds{instance="compute"}';

function compareForecasts(forecasts: ReadonlyMap<number, number>, now: number): Told[] {
  return [...forecasts].map(([at, told]) => ({ secondsBefore: Math.round(now - at), told: Math.round(told) }));
}

function isGood(forecast: Told | undefined): boolean {
  return forecast !== undefined && Math.abs(forecast.told - forecast.secondsBefore) <= 4;
}

interface Evictions {
  readonly early_drop: number;
  readonly drop: number;
}

async function readEvictions({ node }: Lab): Promise<Evictions> {
  const compute = node('compute');
  return { early_drop: await sumCounter(compute, 'early_drop'), drop: await sumCounter(compute, 'drop') };
}

async function riseOfEvictions(lab: Lab, before: Evictions): Promise<Evictions> {
  const { early_drop, drop } = await readEvictions(lab);
  return { early_drop: early_drop - before.early_drop, drop: drop - before.drop };
}

async function seeEvictions(lab: Lab, before: Evictions): Promise<void> {
  await lab.see(
    'compute evicts half-seen entries and drops nothing, says conntrack -S',
    () => riseOfEvictions(lab, before),
    ({ early_drop, drop }) => early_drop > 0 && drop === 0,
  );
}

/** How full compute's table is and what it costs, in Prometheus. */
async function readFullness({ prometheus }: Lab) {
  const rise = (counter: string) => queryOne(prometheus, `sum(increase(${counter}{instance="compute"}[10s]))`);
  return {
    entries: await queryOne(prometheus, 'conntrack_entries{instance="compute"}'),
    limit: await queryOne(prometheus, 'conntrack_entries_limit{instance="compute"}'),
    fullInSeconds: await queryOne(prometheus, 'conntrack_full_in_seconds{instance="compute"}'),
    evictedLately: Math.round(await rise('conntrack_early_drop_total')),
    droppedLately: Math.round(await rise('conntrack_drop_total')),
  };
}

async function seeFull(lab: Lab): Promise<void> {
  await lab.see(
    'Prometheus has the table at its limit, full in 0 s, evicting and dropping nothing',
    () => readFullness(lab),
    ({ entries, limit, fullInSeconds, evictedLately, droppedLately }) =>
      limit === roomy.limit &&
      entries >= limit - justBelow &&
      fullInSeconds === 0 &&
      evictedLately > 0 &&
      droppedLately === 0,
    { withinSeconds: 30 },
  );
}

/** Parts of compute's table by what was seen of the entries. */
async function readShares({ prometheus }: Lab) {
  const share = (labels: string) =>
    queryOne(
      prometheus,
      `sum(conntrack_table_entries{instance="compute",${labels}}) / sum(conntrack_table_entries{instance="compute"})`,
    );
  return { assured: await share('replied="yes",assured="yes"'), unreplied: await share('replied="no"') };
}

async function seeShares(lab: Lab): Promise<void> {
  const expected = heldConnections / roomy.limit;
  await lab.see(
    `conntrack_table_entries tells that ${expected * 100} % are ASSURED, and the others unreplied`,
    () => readShares(lab),
    ({ assured, unreplied }) => Math.abs(assured - expected) < 0.04 && Math.abs(unreplied - (1 - expected)) < 0.04,
    { withinSeconds: 20 },
  );
}

async function seeVerdicts({ node, vip, prometheus, see }: Lab): Promise<void> {
  const [virtual, held] = [`${vip}:80`, `${node('tenant').address}:${heldPort}`];
  await see(
    'those are told to be two-way, these to be direct return',
    () => queryVerdicts(prometheus),
    (verdicts) => verdicts[held] === 'two_way' && verdicts[virtual] === 'direct_return',
    { withinSeconds: 30 },
  );
}

/** There is hardly anything to evict. */
async function press(lab: Lab): Promise<void> {
  const before = await readEvictions(lab);
  const load = sendRequests(lab.node('client'), `http://${lab.vip}/`, pressing);
  await seeDropping(lab);
  await seeMostlyAssured(lab);
  await load;
  await seeSameDrops(lab, before);
}

async function seeDropping(lab: Lab): Promise<void> {
  await lab.see(
    'Prometheus has a table that is full in 0 s and drops packets',
    () => readFullness(lab),
    ({ limit, fullInSeconds, droppedLately }) => limit === crowded.limit && fullInSeconds === 0 && droppedLately > 0,
    { withinSeconds: 30 },
  );
}

async function seeMostlyAssured(lab: Lab): Promise<void> {
  await lab.see(
    'conntrack_table_entries tells that nearly all of it are ASSURED',
    () => readShares(lab),
    ({ assured }) => assured > 0.85,
  );
}

async function seeSameDrops(lab: Lab, before: Evictions): Promise<void> {
  await lab.see(
    'conntrack_drop_total rose as conntrack -S says',
    async () => {
      const exported = await queryOne(lab.prometheus, 'sum(conntrack_drop_total{instance="compute"})');
      return { referee: (await riseOfEvictions(lab, before)).drop, exported: exported - before.drop };
    },
    ({ referee, exported }) => referee > 0 && exported === referee,
  );
}
