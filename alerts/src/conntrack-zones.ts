import { thresholds } from '../../src/identity/thresholds.ts';
import type { RuleGroup } from './rule.ts';
import { machine, ownerOfZone } from './templates.ts';
import { limit } from './vectors.ts';

const scanningRatio = 'zone:conntrack_scanning_entries:limit_ratio';
const zoneRatio = 'zone:conntrack_zone_entries:zone_limit_ratio';

export const conntrackZoneRules: RuleGroup = {
  name: 'conntrack-zones.rules',
  intervalSeconds: 15,
  rules: [
    {
      record: scanningRatio,
      expr: `conntrack_scanning_entries / on (job, cluster, instance, netns) group_left () ${limit}`,
    },
    {
      record: zoneRatio,
      expr: 'conntrack_zone_entries / on (job, cluster, instance, netns, zone) (conntrack_zone_entries_limit > 0)',
    },
  ],
};

/** What a zone holds: of the table, by sources that scan, and of the limit that Open vSwitch has for it. */
export const conntrackZoneAlerts: RuleGroup = {
  name: 'conntrack-zones.alerts',
  intervalSeconds: 15,
  rules: [
    {
      alert: 'ConntrackSourceScan',
      severity: 'warning',
      expr: `${scanningRatio} > ${thresholds.conntrackDestinationShare.warning}`,
      forSeconds: 60,
      keepFiringForSeconds: 600,
      summary:
        'A source scans the network: it keeps connecting to new destinations that do not reply, and its flows fill the connection tracking table.',
      description: `Sources in zone {{ $labels.zone }} scan through ${machine}. Their flows hold {{ $value | humanizePercentage }} of the limit. To see their addresses, run lvs-exporter diagnose on that machine.${ownerOfZone('$labels')}`,
    },
    {
      alert: 'ConntrackZoneNearlyFull',
      severity: 'warning',
      expr: `${zoneRatio} > ${thresholds.conntrackZoneUsed.warning}`,
      forSeconds: 60,
      keepFiringForSeconds: 600,
      summary: 'A zone is close to its limit in Open vSwitch, above which its new flows are refused.',
      description: `Zone {{ $labels.zone }} of ${machine} has {{ $value | humanizePercentage }} of the flows that its limit in Open vSwitch allows. At the limit, its new connections fail.${ownerOfZone('$labels')}`,
    },
  ],
};
