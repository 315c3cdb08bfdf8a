import { thresholds } from '../thresholds.ts';
import { answersPastDirector, upstreamStaySeconds } from '../upstream.ts';
import type { Finding, Remedy, Urgency } from './finding.ts';
import { notrackBefore } from './notrack.ts';
import { count, percent } from './phrases.ts';
import type { Readings } from './readings.ts';
import { statelessGroup } from './stateless-group.ts';
import { identityOf, nameVirtualServer } from './virtual-servers.ts';

/** What a kernel with more than 4 GB of memory has by default. The tenant of a virtual machine cannot read it. */
const defaultLimit = 262_144;

interface Demand {
  readonly labels: Readonly<Record<string, string>>;
  readonly perSecond: number;
  readonly entries: number;
}

/**
 * The table of the host that a director in an OpenStack instance runs on, which sees half of each connection. What the
 * director does not see can be told from its own counters.
 */
export function upstreamTable(readings: Readings): Finding[] {
  const platform = readings.all('lvs_platform_info')[0]?.labels.platform;
  const told = readings.value('ipvs_upstream_conntrack_limit');
  const services = listDemands(readings);
  if ((platform !== 'openstack' && told === undefined) || services.length === 0) return [];
  const limit = told ?? defaultLimit;
  const entries = services.reduce((sum, one) => sum + one.entries, 0);
  const [largest] = services;
  return [
    {
      id: 'director-on-openstack',
      subject: '',
      urgency: urgencyOf(entries / limit),
      title: `The host of this director tracks each connection from one side: ${count(entries)} entries at the present rates`,
      evidence: [
        ...services
          .slice(0, 3)
          .map(
            ({ labels, perSecond, entries: own }) =>
              `${nameVirtualServer(labels)}: ${count(perSecond)} new connections a second, ${count(own)} entries`,
          ),
        `${percent(entries / limit)} of ${count(limit)} entries, ${told === undefined ? 'the usual limit; set --upstream.conntrack-limit to the real one' : 'its limit'}`,
      ],
      consequence:
        'The answers go past the host, so each connection leaves an entry for 2 to 3 minutes, however short it is. When the table is full, the host loses flows of all its tenants.',
      remedies: largest === undefined ? [] : remediesFor(largest),
      runbook: 'IpvsUpstreamConntrackPressure',
    },
  ];
}

function listDemands(readings: Readings): Demand[] {
  return readings
    .all('ipvs_virtual_server_real_servers')
    .filter(({ labels }) =>
      readings
        .all('ipvs_real_server_weight', identityOf(labels))
        .some(({ labels: { forward = '' } }) => answersPastDirector(forward)),
    )
    .map(({ labels }) => {
      const perSecond = readings.perSecond('ipvs_virtual_server_connections_total', identityOf(labels)) ?? 0;
      const staySeconds = labels.protocol === 'udp' ? upstreamStaySeconds.udp : upstreamStaySeconds.tcp;
      return { labels, perSecond, entries: perSecond * staySeconds };
    })
    .sort((one, other) => other.entries - one.entries);
}

function urgencyOf(share: number): Urgency {
  const { warning, critical } = thresholds.upstreamConntrack;
  return share >= critical ? 'critical' : share >= warning ? 'warning' : 'info';
}

/** A firewall mark has no address to exempt. */
function remediesFor({ labels }: Demand): Remedy[] {
  return [statelessGroup(labels), ...(labels.address === '' ? [] : [notrackBefore(labels)])];
}
