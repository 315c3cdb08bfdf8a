import { lvsPlatformInfo } from '../../../collectors/platform/metrics.ts';
import type { Severity } from '../../../identity/severity.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { identityOf } from '../../../identity/virtual-server.ts';
import { known, leftOut } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import { readUpstreamDemand, type UpstreamDemand } from '../../../readings/upstream-demand.ts';
import { readUpstreamLimit } from '../../../readings/upstream-limit.ts';
import type { ServiceDemandFacts } from '../../facts.ts';
import type { Found } from '../../finding.ts';
import { serviceSubject } from '../../subjects.ts';

/** What a kernel with more than 4 GB of memory has by default. The tenant of a virtual machine cannot read it. */
const defaultLimit = 262_144;

/**
 * The table of the host that a director in an OpenStack instance runs on, which sees one direction of each connection.
 * What the director does not see can be determined from its own counters.
 */
export function upstreamTable(readings: Readings): Found<'ipvs-upstream-conntrack-pressure'>[] {
  const platform = readings.all(lvsPlatformInfo)[0]?.labels.platform;
  const demand = readUpstreamDemand(readings);
  const { perSecond: arrivalsPerSecond, entries: neededEntries } = demand?.total ?? {};
  const limit = readUpstreamLimit(readings, neededEntries);
  const isMeant = limit === undefined ? platform === 'openstack' : limit > 0;
  if (!isMeant || demand === undefined) return [];
  const limitEntries = limit ?? defaultLimit;
  const [largest] = demand.services;
  const measured = measuredServices(demand);
  return [
    {
      id: 'ipvs-upstream-conntrack-pressure',
      severity: neededEntries === undefined ? 'info' : severityOf(neededEntries / limitEntries),
      subject: largest === undefined ? {} : serviceSubject(largest.labels),
      numbers: {
        limitEntries,
        ...known({ neededEntries, arrivalsPerSecond, otherServices: leftOut(measured.length, maxServices) }),
      },
      details: { isLimitAssumed: limit === undefined, services: measured.slice(0, maxServices) },
    },
  ];
}

const maxServices = 3;

/** The services, those that need most first. None without netlink, which counts the connections of each. */
function measuredServices({ services }: UpstreamDemand): ServiceDemandFacts[] {
  return services.flatMap(({ labels, demand }): ServiceDemandFacts[] =>
    demand === undefined
      ? []
      : [{ service: identityOf(labels), arrivalsPerSecond: demand.perSecond, neededEntries: demand.entries }],
  );
}

function severityOf(share: number): Severity {
  const { warning, critical } = thresholds.upstreamConntrack;
  return share >= critical ? 'critical' : share >= warning ? 'warning' : 'info';
}
