import { dumpIntervalSeconds } from '../cluster/exporter.ts';
import { findLogged } from '../cluster/keepalived.ts';
import { startNginx, stopNginx } from '../cluster/nginx.ts';
import { queryOne } from '../cluster/queries.ts';
import type { Series } from '../cluster/series.ts';
import type { Lab } from '../lab.ts';
import { readListing } from '../referees/ipvsadm-listing.ts';
import type { Scenario } from '../scenario.ts';
import { checkedWithinSeconds, seeDisagreements } from './checkers-disagreements.ts';

/** Of these two, keepalived sets the weight of the second to 0 when it fails, with inhibit_on_failure. */
const [removed, inhibited] = ['rs1', 'rs2'];

export const checkers: Scenario = {
  name: 'checkers',
  shows: 'what the checkers found, and what the kernel has that keepalived did not give it, or has lost',
  run: async (lab) => {
    const startedAt = performance.now();
    const dumps = await countDumps(lab);
    await seeServing(lab, 'at first', ['rs1', 'rs2']);
    await stopNginx(lab.node('rs1'));
    await seeServing(lab, 'after the web server of rs1 was stopped', ['rs2']);
    await stopNginx(lab.node('rs2'));
    await seeServing(lab, 'after that of rs2 was stopped as well', []);
    for (const name of ['rs1', 'rs2']) startNginx(lab.node(name));
    await seeServing(lab, 'after both were started again', ['rs1', 'rs2']);
    await seeJoin(lab);
    await seeNoneSince(lab, startedAt);
    await seeRareDumps(lab, startedAt, dumps);
    await seeDisagreements(lab);
  },
};

/** The exporter reports what ipvsadm shows: keepalived removes a server that fails, or sets its weight to 0. */
async function seeServing(lab: Lab, when: string, names: readonly string[]): Promise<void> {
  const { node, exporter, see } = lab;
  const addresses = names.map((name) => node(name).address);
  const weights = [removed, inhibited]
    .filter((name) => names.includes(name) || name === inhibited)
    .map((name) => `${node(name).address} ${names.includes(name) ? 1 : 0}`);
  const isExpected = (servers: readonly string[]) => servers.join() === addresses.join();
  await see(
    `${when}, director1 has the weights ${weights.join(' and ')}`,
    () => listKernel(lab),
    (rows) => rows.join() === weights.join(),
    { withinSeconds: checkedWithinSeconds },
  );
  await see(
    `${when}, the exporter reports it of the kernel, of its checkers, of the quorum and of nothing else`,
    async () => {
      const series = await exporter('director1').metrics();
      return {
        kernel: listWeights(lab, series),
        up: select(series, 'keepalived_real_server_up', 1),
        passing: select(series, 'keepalived_real_server_failed_checkers', 0),
        quorum: readValue(series, 'keepalived_virtual_server_quorum_up'),
        weight: readValue(series, 'keepalived_virtual_server_weight'),
        disagreements: readValue(series, 'keepalived_ipvs_disagreements'),
      };
    },
    ({ kernel, up, passing, quorum, weight, disagreements }) =>
      kernel.join() === weights.join() &&
      isExpected(up) &&
      isExpected(passing) &&
      quorum === Math.min(1, names.length) &&
      weight === names.length &&
      disagreements === 0,
    { withinSeconds: checkedWithinSeconds },
  );
}

/** The real servers that ipvsadm shows for the VIP, with their weights. */
async function listKernel({ node, vip }: Lab): Promise<string[]> {
  const rows = await readListing(node('director1'));
  const own = rows.filter(({ virtualServer }) => virtualServer.address === vip);
  return own
    .flatMap(({ realServer, columns }) => (realServer ? `${realServer.real_address} ${columns[1]}` : []))
    .sort();
}

function listWeights({ vip }: Lab, series: readonly Series[]): string[] {
  const own = series.filter(({ name, labels }) => name === 'ipvs_real_server_weight' && labels.address === vip);
  return own.map(({ labels, value }) => `${labels.real_address} ${value}`).sort();
}

/** The addresses of the real servers of which a series has this value. */
function select(series: readonly Series[], name: string, value: number): string[] {
  const found = series.filter((one) => one.name === name && one.value === value);
  return found.flatMap(({ labels }) => labels.real_address ?? []).sort();
}

function readValue(series: readonly Series[], name: string): number | undefined {
  return series.find((one) => one.name === name)?.value;
}

async function seeJoin({ prometheus, see }: Lab): Promise<void> {
  const labels = 'instance, protocol, address, port, fwmark, real_address, real_port';
  await see(
    "in Prometheus, keepalived's weights join the kernel's and are the same, on both directors",
    async () => {
      const query = `keepalived_real_server_effective_weight == on (${labels}) ipvs_real_server_weight`;
      return (await prometheus.query(query)).map(
        ({ labels: { instance, real_address } }) => `${instance} ${real_address}`,
      );
    },
    (series) => series.length === 4,
  );
}

/** keepalived took servers out and put them back while the exporter compared. */
async function seeNoneSince({ prometheus, see }: Lab, startedAt: number): Promise<void> {
  const seconds = Math.floor((performance.now() - startedAt) / 1000);
  await see(
    'neither director ever disagreed with its kernel meanwhile',
    async () => {
      const series = await prometheus.query(`max_over_time(keepalived_ipvs_disagreements[${seconds}s])`);
      return series.map(({ labels: { instance }, value }) => `${instance} ${value}`).sort();
    },
    (series) => series.join() === 'director1 0,director2 0',
  );
}

/** How often keepalived of director1 has logged that it wrote each of its dumps. */
async function countDumps({ node }: Lab): Promise<Record<string, number>> {
  const logged = await findLogged(node('director1'), /(?<=Printing )\w+ (data|as json)(?= for process)/g);
  const counts: Record<string, number> = {};
  for (const dump of logged) counts[dump] = (counts[dump] ?? 0) + 1;
  return counts;
}

/** Prometheus is not the only one that scraped it. */
async function seeRareDumps(lab: Lab, startedAt: number, before: Readonly<Record<string, number>>): Promise<void> {
  const { prometheus, see } = lab;
  await see(
    `keepalived of director1 wrote each dump once in ${dumpIntervalSeconds} s, and was not asked by scrapes`,
    async () => {
      const written = Object.entries(await countDumps(lab));
      const seconds = Math.ceil((performance.now() - startedAt) / 1000);
      return {
        seconds,
        scrapes: await queryOne(prometheus, `count_over_time(keepalived_up{instance="director1"}[${seconds}s])`),
        written: Object.fromEntries(written.map(([dump, count]) => [dump, count - (before[dump] ?? 0)])),
      };
    },
    ({ seconds, scrapes, written }) => {
      const counts = Object.values(written);
      const most = seconds / dumpIntervalSeconds + 1;
      return counts.length > 0 && counts.every((count) => count > 0 && count <= most) && scrapes > most;
    },
    { withinSeconds: 0 },
  );
}
