import type { Lab } from '../lab.ts';
import type { Node } from './node.ts';

/** Time for an election, for a dump every 5 s where that is what tells, and for Prometheus to scrape it. */
const withinSeconds = 60;

/** A virtual address that keepalived does not give back when it is taken from a director: no_track. */
export const unwatchedAddress = '10.0.0.102';

/** Virtual addresses that more than one director has. Nothing of a healthy pair. */
export const sharedAddresses = 'count by (address) (keepalived_vrrp_address_bound == 1) > 1';

/** Virtual addresses that no director has. */
export const lostAddresses = 'max by (address) (keepalived_vrrp_address_bound) == 0';

/** Waits until one director alone is master, has every virtual address, and the queries find nothing wrong. */
export async function seeMaster({ prometheus, see }: Lab, when: string, master: string): Promise<void> {
  await see(
    `${when}, ${master} is the only master and has the VIPs, of which none is shared or lost`,
    async () => ({
      masters: await listInstances('keepalived_vrrp_state{state="master",instance_name="web"} == 1'),
      holders: await listInstances('keepalived_vrrp_address_bound == 1'),
      wrong: (await prometheus.query(`${sharedAddresses} or ${lostAddresses}`)).length,
    }),
    ({ masters, holders, wrong }) =>
      masters.join() === master && holders.join() === [master, master].join() && wrong === 0,
    { withinSeconds },
  );

  async function listInstances(expression: string): Promise<string[]> {
    return (await prometheus.query(expression)).map(({ labels: { instance = '' } }) => instance).sort();
  }
}

/** Waits until both directors have these addresses, and the query says so. */
export async function seeShared({ prometheus, see }: Lab, when: string, addresses: readonly string[]): Promise<void> {
  await see(
    `${when}, both directors have ${addresses.join(' and ')}, and the query finds it`,
    async () =>
      (await prometheus.query(sharedAddresses)).map(({ labels, value }) => `${labels.address} ${value}`).sort(),
    (found) => found.join() === addresses.map((address) => `${address} 2`).join(),
    { withinSeconds },
  );
}

/** While the work is done, a director takes no notice of VRRP, which makes it a master beside the other. */
export async function withoutAdvertisements<Result>(director: Node, work: () => Promise<Result>): Promise<Result> {
  const rule = ['INPUT', '-p', 'vrrp', '-j', 'DROP'];
  await director.run('iptables-legacy', ['-A', ...rule]);
  try {
    return await work();
  } finally {
    await director.run('iptables-legacy', ['-D', ...rule]);
  }
}

/** While the work is done, a director is without a virtual address, which somebody removed by hand. */
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
