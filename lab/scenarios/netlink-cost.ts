import { output, repository } from '../cluster/folders.ts';
import type { Node } from '../cluster/node.ts';
import { parseExposition } from '../cluster/series.ts';
import type { Cost, IpvsCost } from '../ipvs-cost.ts';
import type { Lab } from '../lab.ts';
import { findDifferences } from '../referees/differences.ts';
import { readIpvsadm } from '../referees/ipvsadm.ts';
import { readSetup } from '../referees/ipvsadm-setup.ts';
import { selectRefereed } from '../referees/refereed.ts';
import type { Scenario } from '../scenario.ts';

const [services, realServers] = [500, 20];
const firstPort = 10_000;
/**
 * Of the range for benchmarks of RFC 2544. No node has a route to the real servers: IPVS counts, and drops. It schedules
 * each packet by itself, so that no connections remain.
 */
const [address, realServerPrefix] = ['198.18.0.1', '198.18.1.'];
const rounds = 5;

/** To each service as many datagrams as it has real servers, each of which gets one, hardly two of one size. */
const sender = `
  const [address, ...numbers] = process.argv.slice(1);
  const [firstPort, services, realServers] = numbers.map(Number);
  const socket = require('node:dgram').createSocket('udp4');
  let left = services * realServers;
  for (let number = 0; number < services * realServers; number++) {
    const text = Buffer.alloc(1 + ((number * 7) % 997));
    socket.send(text, firstPort + (number % services), address, () => --left === 0 && socket.close());
  }`;

/**
 * From a file that is longer than 4 KiB this kernel leaves out as many services as those of other network namespaces that
 * it passes. Other nodes have some, so that the scrape shows those that only netlink has as well.
 */
export const netlinkCost: Scenario = {
  name: 'netlink-cost',
  shows: `what a scrape of ${services} services with ${realServers} real servers each costs, beside ipvsadm`,
  run: async (lab) => {
    const tenant = lab.node('tenant');
    await tenant.run('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
    await tenant.run('ipvsadm', ['--restore'], describeServices());
    await tenant.run(process.execPath, ['-e', sender, address, ...[firstPort, services, realServers].map(String)]);
    const rows = (await tenant.run('cat', ['/proc/net/ip_vs'])).match(/^UDP /gm);
    lab.print(`         /proc/net/ip_vs lists ${rows?.length} of ${services} services`);
    await seeCosts(lab, tenant);
    await tenant.run('ipvsadm', ['--clear']);
    await tenant.run('ip', ['address', 'del', `${address}/32`, 'dev', 'lo']);
  },
};

function describeServices(): string {
  const rules = Array.from({ length: services }, (_, index) => {
    const service = `-u ${address}:${firstPort + index}`;
    const servers = Array.from(
      { length: realServers },
      (_, host) => `-a ${service} -r ${realServerPrefix}${host + 1} -g`,
    );
    return [`-A ${service} -s rr -o`, ...servers];
  });
  return `${rules.flat().join('\n')}\n`;
}

async function seeCosts(lab: Lab, tenant: Node): Promise<void> {
  const total = 'ipvs_incoming_packets_total{}';
  const referee = await lab.see(
    'ipvsadm has counted every datagram',
    () => readReferee(tenant),
    (series) => series.get(total) === services * realServers,
  );
  const cost = await measureCost(tenant);
  printCosts(lab, cost);
  await lab.see(
    'a scrape has the same counters',
    async () => {
      const exported = selectRefereed(parseExposition(cost.exposition));
      return {
        series: exported.size,
        packets: exported.get(total),
        differ: findDifferences(referee ?? new Map(), exported),
      };
    },
    ({ differ }) => differ.length === 0,
    { withinSeconds: 0 },
  );
}

async function readReferee(tenant: Node): Promise<Map<string, number>> {
  return new Map([...(await readIpvsadm(tenant)), ...(await readSetup(tenant))]);
}

async function measureCost(tenant: Node): Promise<IpvsCost> {
  return JSON.parse(await tenant.run(process.execPath, [`${output}/ipvs-cost.mjs`, repository, String(rounds)]));
}

function printCosts({ print }: Lab, { reading, scrape, ipvsadm }: IpvsCost): void {
  print(['', 'wall ms', '/ ipvsadm', 'CPU ms', '/ ipvsadm', 'peak MiB', 'bytes'].map(pad).join(''));
  for (const [name, cost] of Object.entries({ reading, scrape, ipvsadm })) {
    print([name, ...describeCost(cost, ipvsadm)].map(pad).join(''));
  }
}

function describeCost({ wallMilliseconds, cpuMilliseconds, peakMebibytes, bytes }: Cost, peer: Cost): string[] {
  return [
    ...[wallMilliseconds.toFixed(0), (wallMilliseconds / peer.wallMilliseconds).toFixed(2)],
    ...[cpuMilliseconds.toFixed(0), (cpuMilliseconds / peer.cpuMilliseconds).toFixed(2)],
    ...[peakMebibytes.toFixed(0), bytes === undefined ? '' : String(bytes)],
  ];
}

function pad(text: string): string {
  return text.padStart(11);
}
