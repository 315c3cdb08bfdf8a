import { sendRequests } from '../cluster/load.ts';
import type { Node } from '../cluster/node.ts';
import { queryOne } from '../cluster/queries.ts';
import { formatSeries } from '../cluster/series.ts';
import type { Lab } from '../lab.ts';
import { countEntries, countStates, sumCounter } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';

const load = [{ perSecond: 60, seconds: 6 }];
/** Entries of other traffic that may come and go meanwhile: the directors' health checks, 24 a minute, VRRP. */
const otherEntries = 30;
/** INVALID packets per connection: every later packet of the client, on its way in and on its way out again. */
const severalTimes = (ratio: number) => ratio > 5 && ratio < 15;

export const cluster: Scenario = {
  name: 'cluster',
  shows: 'direct return leaves a one-way entry per request on compute, and Prometheus sees it',
  run: async (lab) => {
    await seeEntriesRise(lab);
    await seeTwoWayTraffic(lab);
    await seeRealServerSeries(lab);
  },
};

async function seeEntriesRise(lab: Lab): Promise<void> {
  const { node, vip, see } = lab;
  const compute = node('compute');
  const before = await emptyTable(lab);
  const { finished, failed } = await sendRequests(node('client'), `http://${vip}/`, load);
  await see(
    'the load is done',
    async () => ({ finished, failed }),
    () => failed === 0 && finished > 0,
  );
  await see(
    'each finished request left one SYN_SENT [UNREPLIED] entry for the VIP, and there is no other',
    () => countStates(compute, vip, 80),
    (states) => JSON.stringify(states) === JSON.stringify({ 'SYN_SENT [UNREPLIED]': finished }),
  );
  const risesByOnePerRequest = (rise: number) => rise >= finished && rise <= finished + otherEntries;
  await see(
    'conntrack -C rose by one per finished request',
    async () => (await readReferee(compute)).entries - before.referee.entries,
    risesByOnePerRequest,
  );
  await see(
    'conntrack -S invalid rose several times as fast',
    async () => ((await readReferee(compute)).invalid - before.referee.invalid) / finished,
    severalTimes,
  );
  await see(
    'conntrack_entries in Prometheus rose by one per finished request',
    async () => (await readExported(lab)).entries - before.exported.entries,
    risesByOnePerRequest,
  );
  await see(
    'conntrack_invalid_total in Prometheus rose several times as fast',
    async () => ((await readExported(lab)).invalid - before.exported.invalid) / finished,
    severalTimes,
  );
}

/** Empties compute's table and waits for a scrape of it since then. Returns the figures to count from. */
async function emptyTable(lab: Lab): Promise<{ referee: TableFigures; exported: TableFigures }> {
  const compute = lab.node('compute');
  await compute.run('conntrack', ['--flush']);
  const flushedAt = Date.now() / 1000;
  const referee = await readReferee(compute);
  await lab.see(
    "Prometheus has scraped compute's emptied table",
    async () => (await queryOne(lab.prometheus, 'timestamp(conntrack_entries{instance="compute"})')) - flushedAt,
    (seconds) => seconds > 0,
  );
  return { referee, exported: await readExported(lab) };
}

interface TableFigures {
  readonly entries: number;
  readonly invalid: number;
}

async function readReferee(compute: Node): Promise<TableFigures> {
  return { entries: await countEntries(compute), invalid: await sumCounter(compute, 'invalid') };
}

async function readExported({ prometheus }: Lab): Promise<TableFigures> {
  return {
    entries: await queryOne(prometheus, 'conntrack_entries{instance="compute"}'),
    invalid: await queryOne(prometheus, 'sum(conntrack_invalid_total{instance="compute"})'),
  };
}

async function seeTwoWayTraffic({ node, see }: Lab): Promise<void> {
  const [compute, tenant] = [node('compute'), node('tenant')];
  const before = await sumCounter(compute, 'invalid');
  const { finished } = await sendRequests(node('client'), `http://${tenant.address}/`, [{ perSecond: 20, seconds: 3 }]);
  await see(
    'each two-way request through the same bridge left one TIME_WAIT entry that has seen both sides',
    () => countStates(compute, tenant.address, 80),
    (states) => JSON.stringify(states) === JSON.stringify({ TIME_WAIT: finished }),
  );
  await see(
    'and nothing INVALID',
    async () => (await sumCounter(compute, 'invalid')) - before,
    (rise) => rise === 0,
  );
}

async function seeRealServerSeries({ node, vip, prometheus, see }: Lab): Promise<void> {
  const expected = ['director1', 'director2'].flatMap((instance) =>
    ['rs1', 'rs2'].map((server) =>
      formatSeries({
        name: 'ipvs_real_server_active_connections',
        labels: {
          ...{ instance, protocol: 'tcp', address: vip, port: '80', fwmark: '' },
          ...{ real_address: node(server).address, real_port: '80', forward: 'direct' },
        },
      }),
    ),
  );
  await see(
    'ipvs_real_server_active_connections in Prometheus, for both real servers of both directors',
    async () => {
      const query = `ipvs_real_server_active_connections{address="${vip}"}`;
      const series = (await prometheus.query(query)).map(formatSeries);
      const missing = expected.filter((name) => !series.includes(name));
      return { series: series.length, missing, extra: series.filter((name) => !expected.includes(name)) };
    },
    ({ missing, extra }) => missing.length === 0 && extra.length === 0,
  );
}
