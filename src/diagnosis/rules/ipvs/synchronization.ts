import { ipvsSyncDaemonRunning } from '../../../collectors/ipvs/metrics.ts';
import { networkUdpReceiveBufferErrorsTotal } from '../../../collectors/network/metrics.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import { listInstances } from '../../../readings/vrrp-instances.ts';
import type { AnyFound } from '../../finding.ts';

/** The threads that send connections to the other director, or receive them. Without them a failover cuts connections. */
export function synchronization(readings: Readings): AnyFound[] {
  return [...oneSided(readings), ...behind(readings)];
}

const roles = ['master', 'backup'] as const;

/** A director that serves has to send, the other to receive. One that does both is right in either state. */
function oneSided(readings: Readings): AnyFound[] {
  const states = new Set(listInstances(readings).flatMap(({ state }) => state ?? []));
  const runs = (role: string) => readings.is(ipvsSyncDaemonRunning, { role });
  return roles.flatMap((needed): AnyFound[] => {
    const running = needed === 'master' ? 'backup' : 'master';
    if (!states.has(needed) || states.size > 1 || runs(needed) || !runs(running)) return [];
    return [{ id: 'ipvs-sync-one-sided', severity: 'warning', subject: {}, numbers: {}, details: { needed, running } }];
  });
}

const fewPackets = 10;
const lost = networkUdpReceiveBufferErrorsTotal;

/** The kernel does not count what the thread itself loses: its packets are among those of all UDP sockets. */
function behind(readings: Readings): AnyFound[] {
  const lostPackets = readings.rise(lost) ?? 0;
  if (!readings.is(ipvsSyncDaemonRunning, { role: 'backup' }) || lostPackets < fewPackets) return [];
  const numbers = { lostPackets, ...known({ lostPerSecond: readings.perSecond(lost) }) };
  return [{ id: 'ipvs-sync-behind', severity: 'warning', subject: {}, numbers, details: {} }];
}
