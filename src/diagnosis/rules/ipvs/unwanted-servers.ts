import {
  ipvsRealServerPersistentConnections,
  ipvsRealServerTraffic,
  ipvsRealServerWeight,
  ipvsSetting,
  ipvsVirtualServerInfo,
  ipvsVirtualServerWeight,
} from '../../../collectors/ipvs/metrics.ts';
import { ipvsConnectionsWithoutRealServer } from '../../../collectors/ipvs-connections/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { identityOf } from '../../../identity/virtual-server.ts';
import { known } from '../../../readings/known.ts';
import { isKubernetesNode } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { AnyFound } from '../../finding.ts';
import { realServerSubject } from '../../subjects.ts';

/** Clients that IPVS keeps with a real server that should serve none, or that is gone. */
export function unwantedServers(readings: Readings): AnyFound[] {
  return [...withoutServer(readings), ...drainedServers(readings)];
}

/** With expire_nodest_conn, the first packet ends such a connection, and the next one goes to another real server. */
function withoutServer(readings: Readings): AnyFound[] {
  if (readings.value(ipvsSetting, { name: 'expire_nodest_conn' }) !== 0) return [];
  const counts = readings.all(ipvsConnectionsWithoutRealServer).filter(({ value }) => value > 0);
  const lostConnections = sum(counts.map(({ value }) => value));
  if (lostConnections < fewConnections) return [];
  const protocols = counts.map(({ labels }) => labels.protocol ?? '');
  return [
    {
      id: 'ipvs-connections-without-real-server',
      severity: 'warning',
      subject: {},
      numbers: { lostConnections },
      details: { protocols },
    },
  ];
}

/** Fewer connections are normal: of clients that disappeared without closing. */
const fewConnections = 3;

function drainedServers(readings: Readings): AnyFound[] {
  const drained = readings.all(ipvsRealServerWeight).filter(({ value }) => value === 0);
  return drained.flatMap(({ labels }) => drainedServer(readings, labels));
}

const fewPackets = 10;

/** Open connections go on after a server is drained, and persistence gives it new ones. */
function drainedServer(readings: Readings, labels: Sample['labels']): AnyFound[] {
  const service = { ...identityOf(labels) };
  const receivedPackets = readings.rise(ipvsRealServerTraffic.incomingPackets, labels) ?? 0;
  const newConnections = readings.rise(ipvsRealServerTraffic.connections, labels) ?? 0;
  const persistenceSeconds = persistenceOf(readings, service);
  const isKept = persistenceSeconds !== undefined && newConnections > 0;
  const isDrained = (readings.value(ipvsVirtualServerWeight, service) ?? 0) > 0;
  if (!isDrained || (!isKept && (receivedPackets < fewPackets || isKubernetesNode(readings)))) return [];
  const persistentConnections = readings.value(ipvsRealServerPersistentConnections, labels);
  return [
    {
      id: 'ipvs-drained-server-gets-packets',
      severity: isKept ? 'warning' : 'info',
      subject: realServerSubject(labels),
      numbers: { receivedPackets, newConnections, ...known({ persistenceSeconds, persistentConnections }) },
      details: {},
    },
  ];
}

function persistenceOf(readings: Readings, service: Sample['labels']): number | undefined {
  const seconds = readings.all(ipvsVirtualServerInfo, service)[0]?.labels.persistence_seconds;
  return seconds === undefined ? undefined : Number(seconds);
}
