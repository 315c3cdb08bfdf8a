import { readFile } from 'node:fs/promises';
import type { Cluster } from '../lab.ts';
import { repository } from './folders.ts';
import type { Node } from './node.ts';

/** A virtual machine that Nova made and libvirt runs, at the tap that director1 has on compute. */
const instance = 'instance-0000002a';
const domain = `${repository}/test/fixtures/openstack/libvirt/${instance}.xml`;
const domains = '/run/libvirt/qemu';
const tap = 'tap1a2b3c4d-5e';

/** What the virtual machines of the other nodes have in place of what that one has. */
const others = [
  {
    node: 'director2',
    changes: {
      [instance]: 'instance-0000002b',
      'director-1': 'director-2',
      '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d': '2b3c4d5e-6f70-4b8c-9d0e-1f2a3b4c5d6e',
      '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01': '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a02',
      [tap]: 'tap2b3c4d5e-6f',
    },
  },
  {
    node: 'tenant',
    changes: {
      [instance]: 'instance-0000002c',
      'director-1': 'blog-1',
      'web shop': 'blog',
      '512866f9994f4ad8916d8539a7cdeec9': '612866f9994f4ad8916d8539a7cdeec9',
      '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d': '3c4d5e6f-7081-4c9d-8e1f-2a3b4c5d6e7f',
      '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01': '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a03',
      [tap]: 'tap3c4d5e6f-70',
    },
  },
] as const;

/**
 * Makes director1 a virtual machine of compute: a file of libvirt describes it, and compute has an address in the
 * network of its virtual machines, which leads to the owner of the VIP. The kernel of the lab has no zones to show it.
 */
export async function withVirtualMachine<Result>(
  { node, vip, see }: Cluster,
  work: () => Promise<Result>,
): Promise<Result> {
  const [compute, director] = [node('compute'), node('director1')];
  const mac = await addDomain(compute, director);
  const bridge = (await compute.run('readlink', [`/sys/class/net/${tap}/master`])).trim().replace(/^.*\//, '');
  const address = [`${compute.address}/24`, 'dev', bridge];
  await compute.run('ip', ['address', 'add', ...address]);
  await see(
    'compute has the hardware address of the VIP',
    async () => {
      await compute.run('bash', ['-c', `echo >/dev/udp/${vip}/9`]);
      return compute.run('cat', ['/proc/net/arp']);
    },
    (neighbours) => neighbours.includes(mac),
  );
  try {
    return await work();
  } finally {
    await compute.run('ip', ['address', 'del', ...address]);
    await compute.run('rm', ['-r', domains]);
  }
}

/** The other nodes on compute as well: the second director, and the server of another project. */
export async function addOtherVirtualMachines({ node }: Cluster): Promise<void> {
  for (const { node: name, changes } of others) await addDomain(node('compute'), node(name), changes);
}

/** Returns the hardware address of the virtual machine. */
async function addDomain(compute: Node, vm: Node, changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const mac = (await vm.run('cat', ['/sys/class/net/eth0/address'])).trim();
  const text = (await readFile(domain, 'utf8'))
    .replace(/(?<=<mac address=')[\da-f:]+/, mac)
    .replace(/(?<=type="fixed" address=")10\.[\d.]+/, vm.address);
  const changed = Object.entries(changes).reduce((all, [from, to]) => all.replaceAll(from, to), text);
  await compute.run('mkdir', ['-p', domains]);
  await compute.run('tee', [`${domains}/${changes[instance] ?? instance}.xml`], changed);
  return mac;
}
