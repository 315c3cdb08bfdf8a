import { ipvsRealServerWeight, ipvsSetting, ipvsVirtualServerWeight } from '../../../collectors/ipvs/metrics.ts';
import { networkIcmpUnreachableSentTotal } from '../../../collectors/network/metrics.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';

const fewMessages = 10;
const sent = networkIcmpUnreachableSentTotal;

/**
 * A tunnel adds a header, so that a packet of full length does not fit: IPVS drops it and asks its client for shorter ones
 * (ICMP fragmentation needed). The same counter rises where a service refuses its clients.
 */
export function tunnelPackets(readings: Readings): AnyFound[] {
  const tunnels = readings.all(ipvsRealServerWeight, { forward: 'tunnel' }).filter(({ value }) => value > 0);
  const isRefusing = readings.all(ipvsVirtualServerWeight).some(({ value }) => value === 0);
  const refusedPackets = readings.rise(sent) ?? 0;
  const isAsking = readings.value(ipvsSetting, { name: 'pmtu_disc' }) !== 0;
  if (tunnels.length === 0 || isRefusing || !isAsking || refusedPackets < fewMessages) return [];
  const numbers = { refusedPackets, ...known({ refusedPerSecond: readings.perSecond(sent) }) };
  return [{ id: 'ipvs-tunnel-packets-too-long', severity: 'warning', subject: {}, numbers, details: {} }];
}
