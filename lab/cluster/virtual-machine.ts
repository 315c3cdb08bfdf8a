import { readFile } from 'node:fs/promises';
import type { Cluster } from '../lab.ts';
import { repository } from './folders.ts';

/** A virtual machine that Nova made and libvirt runs, at the tap that director1 has on compute. */
const domain = `${repository}/test/fixtures/openstack/libvirt/instance-0000002a.xml`;
const domains = '/run/libvirt/qemu';
const tap = 'tap1a2b3c4d-5e';

/**
 * Makes compute a host that knows director1 as a virtual machine: libvirt's file says so, and compute has an address in
 * the network of its virtual machines, so that it knows who has the VIP. By the zone it cannot tell: this kernel has none.
 */
export async function withVirtualMachine<Result>(
  { node, vip, see }: Cluster,
  work: () => Promise<Result>,
): Promise<Result> {
  const [compute, director] = [node('compute'), node('director1')];
  const mac = (await director.run('cat', ['/sys/class/net/eth0/address'])).trim();
  const text = (await readFile(domain, 'utf8')).replace(/(?<=<mac address=')[\da-f:]+/, mac);
  const bridge = (await compute.run('readlink', [`/sys/class/net/${tap}/master`])).trim().replace(/^.*\//, '');
  const address = [`${compute.address}/24`, 'dev', bridge];
  await compute.run('mkdir', ['-p', domains]);
  await compute.run('tee', [`${domains}/instance-0000002a.xml`], text);
  await compute.run('ip', ['address', 'add', ...address]);
  await see(
    'compute knows the hardware address of the VIP',
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
