import { connectToServices } from '../cluster/connections.ts';
import type { Exporter } from '../cluster/exporter.ts';
import { sendRequests } from '../cluster/load.ts';
import type { Node } from '../cluster/node.ts';
import { formatSeries } from '../cluster/series.ts';
import { withTableSize } from '../cluster/table-size.ts';
import { type Lab, observed } from '../lab.ts';
import { readCensus, readConntrack, sumCounter } from '../referees/conntrack.ts';
import { findDifferences } from '../referees/differences.ts';
import { readIpvsadm } from '../referees/ipvsadm.ts';
import { readConnections } from '../referees/ipvsadm-connections.ts';
import type { Scenario } from '../scenario.ts';

/** What the referees speak of. Of these series the exporter must have theirs, no more and no less. */
const refereed = [
  /^ipvs_virtual_server_(real_servers|weight|\w+_total)$/,
  /^ipvs_real_server_(weight|\w+_connections|\w+_threshold|\w+_total)$/,
  /^conntrack_(entries|\w+_total)$/,
];

export const agreement: Scenario = {
  name: 'agreement',
  shows: 'the exporter says what ipvsadm and conntrack say of the same node at the same moment',
  run: async (lab) => {
    await seeConnections(lab);
    await evictEntries(lab);
    for (const name of observed) await seeAgreement(lab, name);
    await seeSameCensus(lab);
    for (const name of ['shelf', 'director1']) await seeSameConnections(lab, name);
  },
};

async function seeConnections(lab: Lab): Promise<void> {
  connectToServices(lab);
  await lab.see(
    'shelf has connections of the kinds to compare',
    async () => countConnections(await readIpvsadm(lab.node('shelf'))),
    ({ active, inactive }) => active === 3 && inactive === 4,
  );
}

/** The refusal bypasses the director, for which that connection remains SYN_RECV, hence active. UDP never is. */
function countConnections(series: ReadonlyMap<string, number>): { active: number; inactive: number } {
  const sum = (kind: string) =>
    [...series].filter(([name]) => name.includes(kind)).reduce((total, [, value]) => total + value, 0);
  return { active: sum('_active_connections'), inactive: sum('_inactive_connections') };
}

/**
 * A small table runs over. The kernel looks for a half-seen victim in 8 buckets and drops the packet when it finds none,
 * as in a sparse table, or in one of two-way entries. So there are few buckets, and the entries of before are flushed.
 */
async function evictEntries({ node, vip, see }: Lab): Promise<void> {
  const compute = node('compute');
  await compute.run('conntrack', ['--flush']);
  await withTableSize(compute, { limit: 400, buckets: 512 }, () =>
    sendRequests(node('client'), `http://${vip}/`, [{ perSecond: 100, seconds: 5 }]),
  );
  await see(
    "compute's full table evicts half-seen entries and drops nothing",
    async () => ({ early_drop: await sumCounter(compute, 'early_drop'), drop: await sumCounter(compute, 'drop') }),
    ({ early_drop, drop }) => early_drop > 0 && drop === 0,
  );
}

/** The referees speak before and after the exporter: only a moment in which nothing moved can be compared. */
async function seeAgreement({ node, exporter, see }: Lab, name: string): Promise<void> {
  await see(
    `${name}: exporter and referees agree`,
    async () => {
      const before = await readReferees(node(name));
      const exported = await readRefereed(exporter(name));
      const after = await readReferees(node(name));
      return { series: before.size, moved: findDifferences(before, after), differ: findDifferences(before, exported) };
    },
    ({ moved, differ }) => moved.length === 0 && differ.length === 0,
    { withinSeconds: 30 },
  );
}

async function readReferees(node: Node): Promise<Map<string, number>> {
  return new Map([...(await readIpvsadm(node)), ...(await readConntrack(node))]);
}

async function readRefereed({ metrics }: Exporter): Promise<Map<string, number>> {
  const series = (await metrics()).filter(({ name }) => refereed.some((pattern) => pattern.test(name)));
  return new Map(series.map((one) => [formatSeries(one), one.value]));
}

/** The exporter reads a table now and then, so only one at rest can be compared. It also has the classes of no entry. */
async function seeSameCensus({ node, exporter, see }: Lab): Promise<void> {
  await see(
    'shelf: exporter and conntrack -L have the same number of entries of each class',
    async () => {
      const census = await readCensus(node('shelf'));
      const exported = (await exporter('shelf').metrics()).filter(({ name }) => name === 'conntrack_table_entries');
      const present = exported.filter(({ value }) => value !== 0).map((one) => [formatSeries(one), one.value] as const);
      return { classes: census.size, differ: findDifferences(census, new Map(present)) };
    },
    ({ differ }) => differ.length === 0,
    { withinSeconds: 40 },
  );
}

/** Connections last longer than what is between two scans: there is a moment in which nothing moved since the last. */
async function seeSameConnections({ node, exporter, see }: Lab, name: string): Promise<void> {
  await see(
    `${name}: exporter and ipvsadm -Lnc have the same number of connections and templates of each class`,
    async () => {
      const listed = await readConnections(node(name));
      const classes = /^ipvs_connection_(entries|templates)$/;
      const exported = (await exporter(name).metrics()).filter((one) => classes.test(one.name) && one.value !== 0);
      const counted = new Map(exported.map((one) => [formatSeries(one), one.value]));
      return { classes: listed.size, differ: findDifferences(listed, counted) };
    },
    ({ classes, differ }) => classes > 0 && differ.length === 0,
    { withinSeconds: 40 },
  );
}
