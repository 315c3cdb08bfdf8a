import type { Facts, Numbers } from '../table-facts.ts';

/** What findings on limits of the kernel outside connection tracking carry. */
export interface HostFactsById {
  /** `ports` whose programs do not keep up, the worst first. Empty if not known. */
  'udp-buffer-full': Facts<
    Numbers<'droppedPackets' | 'droppedPerSecond', 'lostRatio'>,
    { readonly ports: readonly string[] }
  >;
  'udp-send-queue-full': Facts<Numbers<'droppedPackets' | 'droppedPerSecond'>>;
  'time-wait-overflow': Facts<
    Numbers<'closedConnections' | 'closedPerSecond', 'presentConnections' | 'limitConnections'>
  >;
  'packets-too-long': Facts<Numbers<'droppedPackets' | 'droppedPerSecond'>>;
  'receive-queue-full': Facts<Numbers<'droppedPackets' | 'droppedPerSecond', 'limitPackets'>>;
  /** `interfaces` on which alone forwarding is off; `isDirector`: it has masqueraded real servers. */
  'does-not-forward': Facts<
    Numbers<never, 'lostPackets' | 'lostPerSecond'>,
    { readonly interfaces: readonly string[]; readonly isDirector: boolean }
  >;
  'misaddressed-packets': Facts<Numbers<'lostPackets' | 'lostPerSecond'>>;
  /** An address that packets are sent to does not answer ARP. */
  'neighbour-silent': Facts<
    Numbers<never, 'unrepliedEntries' | 'lostPackets'>,
    { readonly role: 'gateway' | 'real server' | 'destination' }
  >;
  'neighbour-table-full': Facts<
    Numbers<'refusedEntries' | 'refusedPerSecond', 'presentEntries' | 'limitEntries'>,
    { readonly family: 'ipv4' | 'ipv6' }
  >;
}
