import type { Host } from '../../host/host.ts';
import { listProcessNames } from '../../host/process-names.ts';

/** Programs that announce addresses of their host to its routers, by the names that the kernel has for their processes. */
const routingPrograms = [
  'babeld',
  'bgpd',
  'bird',
  'bird6',
  'exabgp',
  'gobgpd',
  'isisd',
  'kube-router',
  'ospf6d',
  'ospfd',
  'ripd',
  'speaker',
] as const;
/** Calico has a BIRD of its own, which announces nothing but its pods. */
const calicoPrograms = ['calico-node', 'calico-felix'] as const;

/** Whether routers learn addresses from this host: then no neighbour asks for them by ARP, and each host may have them. */
export async function announcesAddresses(host: Host): Promise<boolean> {
  const running = await listProcessNames(host);
  const ofCalico = calicoPrograms.some((name) => running.has(name)) ? ['bird', 'bird6'] : [];
  return routingPrograms.some((name) => running.has(name) && !ofCalico.includes(name));
}
