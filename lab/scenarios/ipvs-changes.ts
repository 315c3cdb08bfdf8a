import { withDatagrams } from '../cluster/datagrams.ts';
import { scrapeFresh } from '../cluster/exporter.ts';
import { formatSeries, type Series } from '../cluster/series.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { perSecond, seeRateOverReset, seeRising, seeSetBack } from './counter-resets.ts';
import { seeFrozenCounters } from './frozen-counters.ts';

/** Port of the discard protocol. No program listens on it, and IPVS counts what it forwards. */
const port = 9;

export const ipvsChanges: Scenario = {
  name: 'ipvs-changes',
  shows:
    'services come and go with the next scrape, rate() handles a service that is created again, and frozen counters are left out',
  run: async (lab) => {
    const shelf = lab.node('shelf');
    const before = await shelf.run('ipvsadm', ['--save', '--numeric']);
    await addService(lab);
    await seeRealServers(lab, ['rs1', 'rs2']);
    await shelf.run('ipvsadm', ['--delete-server', ...service(lab), '-r', realServer(lab, 'rs2')]);
    await seeRealServers(lab, ['rs1']);
    await seeMadeAnew(lab);
    await withDatagrams(lab.node('client'), { address: lab.shelf.vip, port, perSecond }, () => seeFrozenCounters(lab));
    await shelf.run('ipvsadm', ['--delete-service', ...service(lab)]);
    await seeNothing(lab);
    await lab.see(
      'shelf has the services that it had',
      () => shelf.run('ipvsadm', ['--save', '--numeric']),
      (after) => after === before,
    );
  },
};

function service({ shelf }: Lab): string[] {
  return ['-u', `${shelf.vip}:${port}`];
}

function realServer({ node }: Lab, name: string): string {
  return `${node(name).address}:${port}`;
}

async function addService(lab: Lab): Promise<void> {
  const shelf = lab.node('shelf');
  await shelf.run('ipvsadm', ['--add-service', ...service(lab), '-s', 'rr']);
  for (const name of ['rs1', 'rs2']) {
    await shelf.run('ipvsadm', ['--add-server', ...service(lab), '-r', realServer(lab, name), '-g']);
  }
}

/** The first scrape must be right; Prometheus scrapes later. */
async function seeRealServers(lab: Lab, names: readonly string[]): Promise<void> {
  const labels = { protocol: 'udp', address: lab.shelf.vip, port: String(port), fwmark: '', real_port: String(port) };
  const expected = names.map((name) =>
    formatSeries({
      name: 'ipvs_real_server_weight',
      labels: { ...labels, real_address: lab.node(name).address, forward: 'direct' },
    }),
  );
  const isExpected = (series: readonly string[]) => series.join() === expected.join();
  await lab.see(`the next scrape has ${names.join(' and ')}`, () => scrapeWeights(lab), isExpected, once);
  await lab.see('and so has Prometheus', () => queryWeights(lab), isExpected);
}

async function seeNothing(lab: Lab): Promise<void> {
  const isEmpty = (series: readonly string[]) => series.length === 0;
  await lab.see(
    'the next scrape has nothing of a service that was removed',
    async () => (await scrapeFresh(lab.exporter('shelf'))).filter(isOfService(lab)).map(formatSeries),
    isEmpty,
    once,
  );
  await lab.see('and neither has Prometheus', () => queryWeights(lab), isEmpty);
}

const once = { withinSeconds: 0 };

function isOfService({ shelf }: Lab): (series: Series) => boolean {
  return ({ labels }) => labels.address === shelf.vip && labels.port === String(port);
}

async function scrapeWeights(lab: Lab): Promise<string[]> {
  const series = (await scrapeFresh(lab.exporter('shelf'))).filter(isOfService(lab));
  return series
    .filter(({ name }) => name === 'ipvs_real_server_weight')
    .map(formatSeries)
    .sort();
}

async function queryWeights({ prometheus, shelf }: Lab): Promise<string[]> {
  const selector = `ipvs_real_server_weight{instance="shelf",address="${shelf.vip}",port="${port}"}`;
  const series = await prometheus.query(selector);
  return series.map(({ labels: { instance, ...labels }, ...rest }) => formatSeries({ ...rest, labels })).sort();
}

async function seeMadeAnew(lab: Lab): Promise<void> {
  const { node, shelf } = lab;
  const counter = `ipvs_virtual_server_incoming_packets_total{instance="shelf",address="${shelf.vip}",port="${port}"}`;
  await withDatagrams(node('client'), { address: shelf.vip, port, perSecond }, async () => {
    await seeRising(lab, counter);
    const startedAt = Date.now();
    await addAnew(lab);
    await seeSetBack(lab, counter, startedAt);
    await seeRateOverReset(lab, counter, startedAt);
  });
}

/** In one process, so that hardly a packet comes in between. */
async function addAnew(lab: Lab): Promise<void> {
  const words = service(lab).join(' ');
  const rules = [`-D ${words}`, `-A ${words} -s rr`, `-a ${words} -r ${realServer(lab, 'rs1')} -g`];
  await lab.node('shelf').run('ipvsadm', ['--restore'], `${rules.join('\n')}\n`);
}
