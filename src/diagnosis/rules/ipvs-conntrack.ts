import { ipvsRealServerWeight, ipvsSetting, ipvsVirtualServerRealServers } from '../../collectors/ipvs/metrics.ts';
import { type Destination, listDestinations, nameDestination } from '../../readings/destinations.ts';
import { count } from '../../readings/format.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import { isPast } from '../../readings/upstream-demand.ts';
import type { Finding } from '../finding.ts';
import { notrackByIptables } from '../remedies/notrack.ts';

/** A director need not track what it forwards: IPVS exempts it, unless net.ipv4.vs.conntrack is set. */
export function directorTracks(readings: Readings): Finding[] {
  const setting = readings.value(ipvsSetting, { name: 'conntrack' });
  const tracked = listDestinations(readings).filter((destination) => isVirtualServer(readings, destination));
  const entries = tracked.reduce((sum, destination) => sum + destination.entries, 0);
  if (setting === 1 && forwardsPastItself(readings)) return [settingIsOn(readings, entries)];
  return setting === 0 && entries >= fewEntries ? [tracksAnyway(readings, tracked)] : [];
}

/** Less may be left of a time before a service was there. */
const fewEntries = 100;

function isVirtualServer(readings: Readings, { protocol, address, port }: Destination): boolean {
  return readings.all(ipvsVirtualServerRealServers, { protocol, address, port }).length > 0;
}

function forwardsPastItself(readings: Readings): boolean {
  return readings.all(ipvsRealServerWeight).some(isPast);
}

function settingIsOn(readings: Readings, entries: number): Finding {
  return {
    id: 'ipvs-conntrack-on',
    subject: '',
    urgency: 'info',
    title: 'The director tracks the connections that it forwards: net.ipv4.vs.conntrack is 1',
    evidence: ['net.ipv4.vs.conntrack = 1', `${count(entries)} tracked flows to its own virtual servers`],
    consequence:
      'Each connection takes an entry of the director besides that of IPVS, and is seen from one side alone.',
    remedies: [
      {
        title: 'Have IPVS exempt what it forwards',
        by: ownerOf(readings),
        commands: ['sysctl -w net.ipv4.vs.conntrack=0'],
        tradeOff: 'Rules with a state, and NAT, no longer apply to forwarded packets.',
        undo: ['sysctl -w net.ipv4.vs.conntrack=1'],
      },
    ],
    runbook: undefined,
  };
}

function tracksAnyway(readings: Readings, tracked: readonly Destination[]): Finding {
  const by = ownerOf(readings);
  return {
    id: 'director-tracks-flows',
    subject: '',
    urgency: 'warning',
    title: 'The director tracks flows to its own virtual servers, although net.ipv4.vs.conntrack is 0',
    evidence: tracked.map((one) => `${nameDestination(one)}: ${count(one.entries)} entries`),
    consequence:
      'These packets were not forwarded by IPVS: it had nobody to give them to, or they came while the service was not there.',
    remedies: tracked.slice(0, 1).map((one) => notrackByIptables(one, by)),
    runbook: undefined,
  };
}
