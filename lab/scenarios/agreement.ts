import { connectToServices } from '../cluster/connections.ts';
import type { Exporter } from '../cluster/exporter.ts';
import { sendRequests } from '../cluster/load.ts';
import type { Node } from '../cluster/node.ts';
import { formatSeries } from '../cluster/series.ts';
import { type SyncDaemon, withSyncDaemon } from '../cluster/synced-connections.ts';
import { withTableSize } from '../cluster/table-size.ts';
import { type Lab, observed } from '../lab.ts';
import { readCensus, readConntrack, sumCounter } from '../referees/conntrack.ts';
import { findDifferences } from '../referees/differences.ts';
import { readIpvsadm } from '../referees/ipvsadm.ts';
import { readConnections } from '../referees/ipvsadm-connections.ts';
import { readSetup } from '../referees/ipvsadm-setup.ts';
import { selectRefereed } from '../referees/refereed.ts';
import type { Scenario } from '../scenario.ts';

const daemon: SyncDaemon = { role: 'master', interface: 'eth1', syncId: 7 };

export const agreement: Scenario = {
  name: 'agreement',
  shows: 'the exporter reports what ipvsadm and conntrack report about the same node at the same moment',
  run: async (lab) => {
    await evictEntries(lab);
    const countedBefore = await seeConnections(lab);
    await withSyncDaemon(lab.node('shelf'), daemon, () => seeAgreement(lab, 'shelf'));
    for (const name of observed.filter((one) => one !== 'shelf')) await seeAgreement(lab, name);
    await seeSameOfCpus(lab, countedBefore);
    await seeSameCensus(lab);
    for (const name of ['shelf', 'director1']) await seeSameConnections(lab, name);
  },
};

/** Returns what shelf's CPUs had counted before. The totals start at 0 again, so that they are the sum of the services that exist. */
async function seeConnections(lab: Lab): Promise<ReadonlyMap<string, number>> {
  const shelf = lab.node('shelf');
  await shelf.run('ipvsadm', ['--zero']);
  const { cpus } = await readTotals(lab.exporter('shelf'));
  await connectToServices(lab);
  await lab.see(
    "each of shelf's services that has real servers had connections, and masquerading brought answers",
    async () => summarizeTraffic(await readIpvsadm(shelf)),
    ({ unused, answered, connections }) =>
      unused === 1 && answered === 2 && Object.values(connections).every((count) => count > 0),
  );
  return cpus;
}

function summarizeTraffic(series: ReadonlyMap<string, number>) {
  const select = (pattern: RegExp) => [...series].filter(([name]) => pattern.test(name)).map(([, value]) => value);
  const sum = (pattern: RegExp) => select(pattern).reduce((total, value) => total + value, 0);
  return {
    unused: select(/^ipvs_virtual_server_connections_total/).filter((count) => count === 0).length,
    answered: select(/^ipvs_real_server_outgoing_bytes_total.*"masquerade"/).filter((bytes) => bytes > 0).length,
    connections: {
      active: sum(/_active_connections/),
      inactive: sum(/_inactive_connections/),
      persistent: sum(/_persistent_connections/),
    },
  };
}

/**
 * A small table runs over. The kernel looks for a one-way victim in 8 buckets and drops the packet when it finds none,
 * as in a sparse table, or in one of two-way entries. So there are few buckets, and the entries of before are flushed.
 */
async function evictEntries({ node, vip, see }: Lab): Promise<void> {
  const compute = node('compute');
  await compute.run('conntrack', ['--flush']);
  await withTableSize(compute, { limit: 400, buckets: 512 }, () =>
    sendRequests(node('client'), `http://${vip}/`, [{ perSecond: 100, seconds: 5 }]),
  );
  await see(
    "compute's full table evicts one-way entries and drops nothing",
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
      const exported = selectRefereed(await exporter(name).metrics());
      const after = await readReferees(node(name));
      const expected = new Map([...before, ...(await readSetup(node(name)))]);
      return {
        series: expected.size,
        moved: findDifferences(before, after),
        differ: findDifferences(expected, exported),
      };
    },
    ({ moved, differ }) => moved.length === 0 && differ.length === 0,
    { withinSeconds: 150 },
  );
}

async function readReferees(node: Node): Promise<Map<string, number>> {
  return new Map([...(await readIpvsadm(node)), ...(await readConntrack(node))]);
}

/** `ipvsadm --zero` sets back the totals of a network namespace, but not what each CPU counted. */
async function seeSameOfCpus({ exporter, see }: Lab, before: ReadonlyMap<string, number>): Promise<void> {
  await see(
    'shelf: since its counters were zeroed, what the CPUs counted is the total',
    async () => {
      const { all, cpus } = await readTotals(exporter('shelf'));
      const risen = new Map([...cpus].map(([counter, value]) => [counter, value - (before.get(counter) ?? 0)]));
      return { counted: Object.fromEntries(all), differ: findDifferences(all, risen) };
    },
    ({ counted, differ }) => Object.values(counted).every((value) => value > 0) && differ.length === 0,
  );
}

/** The five counters of a network namespace, and their sums of all CPUs. */
async function readTotals({ metrics }: Exporter) {
  const all = new Map<string, number>();
  const cpus = new Map<string, number>();
  for (const { name, value } of await metrics()) {
    const { ofCpu, counter } = totalPattern.exec(name)?.groups ?? {};
    const sums = ofCpu === undefined ? all : cpus;
    if (counter !== undefined) sums.set(counter, (sums.get(counter) ?? 0) + value);
  }
  return { all, cpus };
}

const totalPattern = /^ipvs_(?<ofCpu>cpu_)?(?<counter>(connections|(incoming|outgoing)_(packets|bytes))_total)$/;

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
    { withinSeconds: 90 },
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
    { withinSeconds: 90 },
  );
}
