import { withDatagrams } from '../cluster/datagrams.ts';
import { scrapeIntervalSeconds } from '../cluster/prometheus.ts';
import { queryOne } from '../cluster/queries.ts';
import { formatSeries, type Series } from '../cluster/series.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

/** Of the discard protocol. Nobody listens to it, and IPVS counts what it forwards. */
const port = 9;
const perSecond = 20;
const rateSeconds = 20;
/** A window may begin just after a scrape. */
const samplesOfRate = rateSeconds / scrapeIntervalSeconds - 1;
/** How far the counter has to come before it is set back, and afterwards: no window of a rate has two such moments. */
const enoughPackets = 1.1 * rateSeconds * perSecond;
/**
 * What came since the last scrape is lost when a counter is set back, and the kernel sums its counters only every 2 s: 4 s
 * of a window, and 4 s more for chance. Where scrapes fail on a busy machine, as much more as they leave out.
 */
const isRate = (rate: number, scraped: number) => rate > 0.55 * perSecond * scraped && rate < 1.2 * perSecond;

/**
 * Counters are set back as a module that is loaded anew sets them back: those of a service, by removing it and adding it
 * again; those of the network namespace, by `ipvsadm --zero`. The module itself cannot be removed, because the other
 * directors' services hold it.
 */
export const ipvsChanges: Scenario = {
  name: 'ipvs-changes',
  shows: 'services come and go with the next scrape, and rate() bears with counters that are set back',
  run: async (lab) => {
    const shelf = lab.node('shelf');
    const before = await shelf.run('ipvsadm', ['--save', '--numeric']);
    await addService(lab);
    await seeRealServers(lab, ['rs1', 'rs2']);
    await shelf.run('ipvsadm', ['--delete-server', ...service(lab), '-r', realServer(lab, 'rs2')]);
    await seeRealServers(lab, ['rs1']);
    await seeCountersSetBack(lab);
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

/** The first scrape has to be right; Prometheus takes its time to scrape. */
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
    async () => (await lab.exporter('shelf').metrics()).filter(isOfService(lab)).map(formatSeries),
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
  const series = (await lab.exporter('shelf').metrics()).filter(isOfService(lab));
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

async function seeCountersSetBack(lab: Lab): Promise<void> {
  const { node, prometheus, see, shelf } = lab;
  await withDatagrams(node('client'), { address: shelf.vip, port, perSecond }, async () => {
    await seePackets(lab, 0);
    const startedAt = Date.now();
    await addAnew(lab);
    await seePackets(lab, 1);
    await node('shelf').run('ipvsadm', ['--zero']);
    await seePackets(lab, 2);
    // With the last scrape before.
    const seconds = Math.ceil((Date.now() - startedAt) / 1000) + 2 * scrapeIntervalSeconds;
    await seeRate(lab, counterOf(lab), { resets: 2, seconds });
    await seeRate(lab, 'ipvs_incoming_packets_total{instance="shelf"}', { resets: 1, seconds });
    await see(
      'what each CPU counted was not set back',
      () => queryOne(prometheus, `resets(ipvs_cpu_incoming_packets_total{instance="shelf"}[${seconds}s])`),
      (resets) => resets === 0,
      once,
    );
  });
}

function counterOf({ shelf }: Lab): string {
  return `ipvs_virtual_server_incoming_packets_total{instance="shelf",address="${shelf.vip}",port="${port}"}`;
}

async function seePackets(lab: Lab, resets: number): Promise<void> {
  await lab.see(
    `set back ${resets} times, the counter of the service has come to ${enoughPackets}`,
    async () => ({
      resets: await queryOne(lab.prometheus, `resets(${counterOf(lab)}[5m])`),
      packets: await queryOne(lab.prometheus, counterOf(lab)),
    }),
    (seen) => seen.resets === resets && seen.packets >= enoughPackets,
    { withinSeconds: 60 },
  );
}

/** At every moment of the last seconds. */
async function seeRate(
  { prometheus, see }: Lab,
  counter: string,
  { resets, seconds }: { resets: number; seconds: number },
): Promise<void> {
  const rates = `rate(${counter}[${rateSeconds}s])[${seconds}s:1s]`;
  const samples = `count_over_time(${counter}[${rateSeconds}s])[${seconds}s:1s]`;
  await see(
    `${counter} was set back ${resets} times, and its rate was always some ${perSecond}/s, less what was not scraped`,
    async () => ({
      resets: await queryOne(prometheus, `resets(${counter}[${seconds}s])`),
      least: await queryOne(prometheus, `min_over_time(${rates})`),
      most: await queryOne(prometheus, `max_over_time(${rates})`),
      scraped: Math.min(1, (await queryOne(prometheus, `min_over_time(${samples})`)) / samplesOfRate),
    }),
    ({ resets: seen, least, most, scraped }) => seen === resets && isRate(least, scraped) && isRate(most, scraped),
    once,
  );
}

/** In one process, so that hardly a packet comes in between. */
async function addAnew(lab: Lab): Promise<void> {
  const words = service(lab).join(' ');
  const rules = [`-D ${words}`, `-A ${words} -s rr`, `-a ${words} -r ${realServer(lab, 'rs1')} -g`];
  await lab.node('shelf').run('ipvsadm', ['--restore'], `${rules.join('\n')}\n`);
}
