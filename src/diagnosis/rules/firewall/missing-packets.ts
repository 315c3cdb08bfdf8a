import { firewallKernelPacketsTotal } from '../../../collectors/firewall/metrics.ts';
import { networkReversePathFilteredTotal } from '../../../collectors/network/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { isDirector } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { RefusedPath } from '../../refusal-facts.ts';
import { passedByKernel } from './passed-packets.ts';

const endings = ['InHdrErrors', 'InAddrErrors', 'InDiscards', 'InNoRoutes'] as const;

/**
 * Packets that the kernel received and neither delivered nor forwarded, nor refused for a fault of theirs: what a firewall
 * without counters refuses. Undefined for what a host sends, which the kernel does not count this way, and on a director:
 * IPVS takes packets out on their way.
 */
export function missingPackets(readings: Readings, path: RefusedPath, families: readonly string[]): number | undefined {
  if (path === 'output' || isDirector(readings)) return undefined;
  const known = families.map((family) => missingOf(readings, path, family)).filter((one) => one !== undefined);
  return known.length === 0 ? undefined : sum(known);
}

function missingOf(readings: Readings, path: RefusedPath, family: string): number | undefined {
  const rise = (counter: string) => readings.rise(firewallKernelPacketsTotal, { family, counter });
  const [received, delivered, forwarded] = [rise('InReceives'), rise('InDelivers'), rise('OutForwDatagrams')];
  if (received === undefined || delivered === undefined || forwarded === undefined) return undefined;
  if (path === 'forward' && rise('OutTransmits') !== undefined) {
    const passed = passedByKernel(readings, { path, family });
    return passed === undefined ? undefined : Math.max(0, forwarded - passed);
  }
  const parts = Math.max(0, (rise('ReasmReqds') ?? 0) - (rise('ReasmOKs') ?? 0));
  const filtered = family === 'ipv4' ? (readings.rise(networkReversePathFilteredTotal) ?? 0) : 0;
  return Math.max(0, received - delivered - forwarded - sum(endings.map((name) => rise(name) ?? 0)) - parts - filtered);
}
