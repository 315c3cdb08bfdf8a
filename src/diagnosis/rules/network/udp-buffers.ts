import { ipvsSyncDaemonRunning } from '../../../collectors/ipvs/metrics.ts';
import {
  networkUdpPortDrops,
  networkUdpReceiveBufferErrorsTotal,
  networkUdpReceivedTotal,
} from '../../../collectors/network/metrics.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';

const lost = networkUdpReceiveBufferErrorsTotal;

/** Where the thread that synchronizes connections of IPVS listens by default. */
const synchronizationPort = '8848';

/** A program that reads more slowly than packets arrive, or a burst that its buffer does not hold. */
export function udpBuffers(readings: Readings): AnyFound[] {
  const droppedPerSecond = readings.perSecond(lost) ?? 0;
  if (droppedPerSecond < thresholds.kernelLimit.perSecond) return [];
  const ports = listPorts(readings);
  if (isSynchronization(readings, ports)) return [];
  const droppedPackets = readings.rise(lost) ?? 0;
  const lostRatio = ratioOf(droppedPackets, readings.rise(networkUdpReceivedTotal));
  return [
    {
      id: 'udp-buffer-full',
      severity: lostRatio !== undefined && lostRatio < thresholds.udpLost.critical ? 'warning' : 'critical',
      subject: {},
      numbers: { droppedPackets, droppedPerSecond, ...known({ lostRatio }) },
      details: { ports },
    },
  ];
}

/** What was read counts as received, so that a program that hangs has received none. */
function ratioOf(dropped: number, received: number | undefined): number | undefined {
  return received === undefined ? undefined : dropped / (dropped + received);
}

/** A port that was not there before has lost all of its packets since. */
function listPorts(readings: Readings): string[] {
  return readings
    .all(networkUdpPortDrops)
    .map(({ labels: { port = '' }, value }) => ({
      port,
      drops: readings.rise(networkUdpPortDrops, { port }) ?? value,
    }))
    .filter(({ drops }) => drops > 0)
    .sort((one, other) => other.drops - one.drops)
    .map(({ port }) => port);
}

/** A finding of its own. */
function isSynchronization(readings: Readings, ports: readonly string[]): boolean {
  if (!readings.is(ipvsSyncDaemonRunning, { role: 'backup' })) return false;
  return ports.every((port) => port === synchronizationPort);
}
