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
  'neighbour-table-full': Facts<
    Numbers<'refusedEntries' | 'refusedPerSecond', 'presentEntries' | 'limitEntries'>,
    { readonly family: 'ipv4' | 'ipv6' }
  >;
}
