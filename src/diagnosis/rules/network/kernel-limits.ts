import {
  networkLimit,
  networkLimitExceededTotal,
  networkLimitUsed,
  networkPacketsTooLongTotal,
} from '../../../collectors/network/metrics.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';
import { udpBuffers } from './udp-buffers.ts';

/** Limits of the kernel outside connection tracking. At each of them packets are lost, and no program gets an error. */
export function kernelLimits(readings: Readings): AnyFound[] {
  return [
    ...receiveQueue(readings),
    ...neighbourTables(readings),
    ...udpBuffers(readings),
    ...udpSendQueue(readings),
    ...packetsTooLong(readings),
    ...timeWait(readings),
  ];
}

interface Exceeded {
  readonly total: number;
  readonly perSecond: number;
  readonly used: number | undefined;
  readonly most: number | undefined;
}

/** What a limit gave up since the reading before. Undefined if that is little, or not known. */
function exceeded(readings: Readings, limit: string): Exceeded | undefined {
  const perSecond = readings.perSecond(networkLimitExceededTotal, { limit }) ?? 0;
  if (perSecond < thresholds.kernelLimit.perSecond) return undefined;
  const total = readings.rise(networkLimitExceededTotal, { limit }) ?? 0;
  const [used, most] = [networkLimitUsed, networkLimit].map((metric) => readings.value(metric, { limit }));
  return { total, perSecond, used, most };
}

function receiveQueue(readings: Readings): AnyFound[] {
  const found = exceeded(readings, 'receive_queue');
  if (found === undefined) return [];
  const numbers = {
    droppedPackets: found.total,
    droppedPerSecond: found.perSecond,
    ...known({ limitPackets: found.most }),
  };
  return [{ id: 'receive-queue-full', severity: 'critical', subject: {}, numbers, details: {} }];
}

function neighbourTables(readings: Readings): AnyFound[] {
  return (['ipv4', 'ipv6'] as const).flatMap((family): AnyFound[] => {
    const found = exceeded(readings, `neighbours_${family}`);
    if (found === undefined) return [];
    const numbers = {
      refusedEntries: found.total,
      refusedPerSecond: found.perSecond,
      ...known({ presentEntries: found.used, limitEntries: found.most }),
    };
    return [{ id: 'neighbour-table-full', severity: 'critical', subject: {}, numbers, details: { family } }];
  });
}

/** The queue of an interface is full, or traffic control shapes what a program sends. */
function udpSendQueue(readings: Readings): AnyFound[] {
  const found = exceeded(readings, 'udp_send_queue');
  if (found === undefined) return [];
  const numbers = { droppedPackets: found.total, droppedPerSecond: found.perSecond };
  return [{ id: 'udp-send-queue-full', severity: 'warning', subject: {}, numbers, details: {} }];
}

/** Each connection learns how long its packets may be by losing some. Many can also mean that it never learns. */
function packetsTooLong(readings: Readings): AnyFound[] {
  const droppedPerSecond = readings.perSecond(networkPacketsTooLongTotal) ?? 0;
  const { info, warning } = thresholds.packetsTooLong;
  if (droppedPerSecond < info) return [];
  const droppedPackets = readings.rise(networkPacketsTooLongTotal) ?? 0;
  const severity = droppedPerSecond < warning ? 'info' : 'warning';
  return [
    { id: 'packets-too-long', severity, subject: {}, numbers: { droppedPackets, droppedPerSecond }, details: {} },
  ];
}

function timeWait(readings: Readings): AnyFound[] {
  const found = exceeded(readings, 'time_wait');
  if (found === undefined) return [];
  const numbers = {
    closedConnections: found.total,
    closedPerSecond: found.perSecond,
    ...known({ presentConnections: found.used, limitConnections: found.most }),
  };
  return [{ id: 'time-wait-overflow', severity: 'warning', subject: {}, numbers, details: {} }];
}
