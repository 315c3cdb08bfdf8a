import { ipvsUpstreamConntrackLimit } from '../../collectors/ipvs/metrics.ts';
import { lvsPlatformInfo } from '../../collectors/platform-metrics.ts';
import { thresholds } from '../../identity/thresholds.ts';
import { count, percent } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import {
  type Demand,
  readUpstreamDemand,
  type ServiceDemand,
  type UpstreamDemand,
} from '../../readings/upstream-demand.ts';
import { nameVirtualServer } from '../../readings/virtual-servers.ts';
import type { Finding, Remedy, Urgency } from '../finding.ts';
import { notrackBefore } from '../remedies/notrack.ts';
import { statelessGroup } from '../remedies/stateless-group.ts';

/** What a kernel with more than 4 GB of memory has by default. The tenant of a virtual machine cannot read it. */
const defaultLimit = 262_144;

/**
 * The table of the host that a director in an OpenStack instance runs on, which sees half of each connection. What the
 * director does not see can be told from its own counters.
 */
export function upstreamTable(readings: Readings): Finding[] {
  const platform = readings.all(lvsPlatformInfo)[0]?.labels.platform;
  const told = readings.value(ipvsUpstreamConntrackLimit);
  const demand = readUpstreamDemand(readings);
  const isMeant = told === undefined ? platform === 'openstack' : told > 0;
  if (!isMeant || demand === undefined) return [];
  const limit = told ?? defaultLimit;
  const entries = demand.total?.entries;
  const need = entries === undefined ? '' : `: ${count(entries)} entries at the present rates`;
  return [
    {
      id: 'director-on-openstack',
      subject: '',
      urgency: entries === undefined ? 'info' : urgencyOf(entries / limit),
      title: `The host of this director tracks each connection from one side${need}`,
      evidence: [
        ...sayDemand(demand),
        `${entries === undefined ? 'Room for' : `${percent(entries / limit)} of`} ${count(limit)} entries, ${told === undefined ? 'the usual limit; set --upstream.conntrack-limit to the real one' : 'its limit'}`,
      ],
      consequence:
        'The answers go past the host, so each connection leaves an entry for 2 to 3 minutes, however short it is. When the table is full, the host loses flows of all its tenants.',
      remedies: demand.services.slice(0, 1).flatMap(remediesFor),
      runbook: 'IpvsUpstreamConntrackPressure',
    },
  ];
}

/** The services that need most; without netlink all of them together. */
function sayDemand({ total, services }: UpstreamDemand): string[] {
  if (total === undefined) return ['The rate of new connections is not known'];
  const known = services.flatMap(({ labels, demand }) => (demand ? [say(nameVirtualServer(labels), demand)] : []));
  return known.length > 0 ? known.slice(0, 3) : [say('All services', total)];
}

function say(who: string, { perSecond, entries }: Demand): string {
  return `${who}: ${count(perSecond)} new connections a second, ${count(entries)} entries`;
}

function urgencyOf(share: number): Urgency {
  const { warning, critical } = thresholds.upstreamConntrack;
  return share >= critical ? 'critical' : share >= warning ? 'warning' : 'info';
}

/** A firewall mark has no address to exempt. */
function remediesFor({ labels }: ServiceDemand): Remedy[] {
  return [statelessGroup(labels), ...(labels.address === '' ? [] : [notrackBefore(labels)])];
}
