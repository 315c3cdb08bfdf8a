import type { Lab } from '../lab.ts';
import { type AddressQueries, readAddressQueries } from './address-queries.ts';
import { repository } from './folders.ts';
import { holdsAddress } from './keepalived.ts';
import type { Node } from './node.ts';

/** Time for an election, for a dump every 5 s if that is the source, and for Prometheus to scrape it. */
const withinSeconds = 60;

/** A virtual address that keepalived does not give back when it is taken from a director: no_track. */
export const unwatchedAddress = '10.0.0.102';

const directors = ['director1', 'director2'];

/** Waits until one director alone is master, has every virtual address, and the queries find nothing wrong. */
export async function seeMaster(lab: Lab, when: string, master: string): Promise<void> {
  await lab.see(
    `${when}, ${master} is the only master and has the VIPs, of which none is shared or lost`,
    async () => ({
      masters: await listMasters(lab),
      holders: await listInstances(lab, 'keepalived_vrrp_address_bound == 1'),
      wrong: Object.values(await queryAddresses(lab)).flat(),
    }),
    ({ masters, holders, wrong }) =>
      masters.join() === master && holders.join() === [master, master].join() && wrong.length === 0,
    { withinSeconds },
  );
}

/** Waits until the kernels of both directors have these addresses, these report that they are master, and the query agrees. */
export async function seeShared(
  lab: Lab,
  when: string,
  { addresses, masters }: { addresses: readonly string[]; masters: readonly string[] },
): Promise<void> {
  await lab.see(
    `${when}, both directors have ${addresses.join(' and ')}, as the query reports, and ${masters.join(' and ')} is master`,
    async () => ({
      holders: await listHolders(lab, addresses),
      masters: await listMasters(lab),
      shared: (await queryAddresses(lab)).shared.sort(),
    }),
    (found) =>
      found.holders.join() === directors.join() &&
      found.masters.join() === masters.join() &&
      found.shared.join() === addresses.map((address) => `${address} 2`).join(),
    { withinSeconds },
  );
}

/** The directors that report that they are master. */
export function listMasters(lab: Lab): Promise<string[]> {
  return listInstances(lab, 'keepalived_vrrp_state{state="master",instance_name="web"} == 1');
}

/** A keepalived that is not the only one has its name beside that of the director. */
async function listInstances({ prometheus }: Lab, expression: string): Promise<string[]> {
  const series = await prometheus.query(expression);
  return series.map(({ labels: { instance, daemon } }) => [instance, ...(daemon ? [daemon] : [])].join(' ')).sort();
}

/** The directors whose kernel has all of the addresses. */
async function listHolders({ node }: Lab, addresses: readonly string[]): Promise<string[]> {
  const holders: string[] = [];
  for (const name of directors) {
    const held = await Promise.all(addresses.map((address) => holdsAddress(node(name), address)));
    if (held.every(Boolean)) holders.push(name);
  }
  return holders;
}

/** What each of the documented queries finds: the address, and on how many directors or which value. */
export async function queryAddresses({ prometheus }: Lab): Promise<Record<keyof AddressQueries, string[]>> {
  const { shared, lost, missing } = await readAddressQueries(repository);
  const find = async (query: string) =>
    (await prometheus.query(query)).map(({ labels, value }) => `${labels.address} ${value}`);
  return { shared: await find(shared), lost: await find(lost), missing: await find(missing) };
}

/** While the work is done, no director hears another, which makes each of them a master. */
export async function withPartition<Result>({ node }: Lab, work: () => Promise<Result>): Promise<Result> {
  const rule = ['INPUT', '-p', 'vrrp', '-j', 'DROP'];
  for (const name of directors) await node(name).run('iptables-legacy', ['-A', ...rule]);
  try {
    return await work();
  } finally {
    for (const name of directors) await node(name).run('iptables-legacy', ['-D', ...rule]);
  }
}

/** During the work, a director is without a virtual address, which an administrator removed by hand. */
export async function withoutAddress<Result>(
  director: Node,
  address: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const words = [`${address}/32`, 'dev', 'eth0'];
  await director.run('ip', ['address', 'delete', ...words]);
  try {
    return await work();
  } finally {
    await director.run('ip', ['address', 'add', ...words]);
  }
}
