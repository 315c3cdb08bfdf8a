import { firewallAcceptedPacketsTotal, firewallKernelPacketsTotal } from '../../../collectors/firewall/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import type { Readings } from '../../../readings/readings.ts';

interface Passing {
  readonly paths: readonly string[];
  readonly families: readonly string[];
  /** In the same time. */
  readonly refused: number;
  readonly isOfNft: boolean;
}

/** Packets that the firewall let through. The kernel does not count bridged packets, and rules do not all count: the larger number is nearer. */
export function passedOf(readings: Readings, { paths, families, refused, isOfNft }: Passing): number | undefined {
  const wanted = [...new Set(paths.flatMap((path) => (path === 'received' ? ['input', 'forward'] : [path])))];
  const add = (rises: readonly (number | undefined)[]) => {
    const known = rises.filter((rise) => rise !== undefined);
    return known.length === 0 ? [] : [sum(known)];
  };
  const tools = new Set(readings.all(firewallAcceptedPacketsTotal).map(({ labels }) => labels.tool ?? ''));
  const cells = wanted.flatMap((path) => families.map((family) => ({ path, family })));
  const sums = [
    ...add(cells.map((cell) => passedByKernel(readings, cell, refused))),
    ...[...tools].flatMap((tool) =>
      add(cells.map((cell) => readings.rise(firewallAcceptedPacketsTotal, { tool, ...cell }))).map((accepted) =>
        // What iptables accepted, nftables may have refused.
        isOfNft ? Math.max(0, accepted - refused) : accepted,
      ),
    ),
  ];
  return sums.length === 0 ? undefined : Math.max(...sums);
}

/**
 * Since Linux 6.8, which counts OutTransmits, forwarded packets and requests are counted before the firewall sees them;
 * before, behind it, and requests have the forwarded ones.
 */
export function passedByKernel(
  readings: Readings,
  { path, family }: { readonly path: string; readonly family: string },
  refused = 0,
): number | undefined {
  const rise = (name: string) => readings.rise(firewallKernelPacketsTotal, { family, counter: name });
  if (path === 'input') return rise('InDelivers');
  const [forwarded, requests, transmits] = [rise('OutForwDatagrams'), rise('OutRequests'), rise('OutTransmits')];
  if (path === 'forward' && transmits === undefined) return forwarded;
  if (requests === undefined) return undefined;
  if (path === 'forward') return Math.max(0, (transmits ?? 0) - requests);
  return Math.max(0, requests - (transmits === undefined ? (forwarded ?? 0) : refused));
}
