import { ipvsRealServerTraffic, ipvsRealServerWeight } from '../../../collectors/ipvs/metrics.ts';
import { networkSetting } from '../../../collectors/network/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { isLoopback, parseIPv4 } from '../../../identity/address.ts';
import { groupBy } from '../../../identity/group-by.ts';
import { identityOf } from '../../../identity/virtual-server.ts';
import { findSilentNeighbour } from '../../../readings/network/silent-neighbours.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { Found } from '../../finding.ts';
import { realServerSubject, serviceSubject } from '../../subjects.ts';

/** Fewer are no evidence: a server may take a moment to reply. */
const fewConnections = 10;

/** Real servers that are masqueraded, so that their replies must come back to this host, and none does. */
export function missingReplies(readings: Readings): Found<'ipvs-replies-missing'>[] {
  const masqueraded = readings.all(ipvsRealServerWeight, { protocol: 'tcp', forward: 'masquerade' });
  const byService = groupBy(masqueraded, ({ labels }) => JSON.stringify(identityOf(labels)));
  return [...byService.values()].flatMap((servers): Found<'ipvs-replies-missing'>[] => {
    const mute = servers.filter((server) => isMute(readings, server));
    const busy = servers.filter(({ labels }) => (rise(readings, 'connections', labels) ?? 0) > 0);
    const [first] = mute;
    if (first === undefined) return [];
    // The kernel is the reason for one at a loopback address, whatever the others do.
    const isWhole = mute.length === busy.length && !mute.some(({ labels }) => isLoopback(labels.real_address ?? ''));
    const add = (counter: 'connections' | 'incomingPackets', of: readonly Sample[]) =>
      sum(of.map(({ labels }) => rise(readings, counter, labels) ?? 0));
    return (isWhole ? [mute] : mute.map((one) => [one])).map((of) => ({
      id: 'ipvs-replies-missing',
      severity: 'critical',
      subject: isWhole ? serviceSubject(first.labels) : realServerSubject(of[0]?.labels ?? first.labels),
      numbers: { receivedPackets: add('incomingPackets', of), newConnections: add('connections', of) },
      details: { servers: of.map(({ labels }) => labels.real_address ?? '').slice(0, maxNamed) },
    }));
  });
}

const maxNamed = 5;

function isMute(readings: Readings, { labels }: Sample): boolean {
  const newConnections = rise(readings, 'connections', labels) ?? 0;
  if (newConnections < fewConnections || rise(readings, 'outgoingPackets', labels) !== 0) return false;
  const address = labels.real_address ?? '';
  return !isStoppedHere(readings, address) && findSilentNeighbour(readings, address) === undefined;
}

/** This host does not forward the replies: `does-not-forward` reports it. */
function isStoppedHere(readings: Readings, address: string): boolean {
  const isForwarded = parseIPv4(address) !== undefined && !isLoopback(address);
  return isForwarded && readings.value(networkSetting, { name: 'ipv4.ip_forward' }) === 0;
}

function rise(
  readings: Readings,
  counter: 'connections' | 'incomingPackets' | 'outgoingPackets',
  labels: Sample['labels'],
): number | undefined {
  return readings.rise(ipvsRealServerTraffic[counter], labels);
}
