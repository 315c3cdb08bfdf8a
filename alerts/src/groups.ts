import { conntrackDestinationAlerts, conntrackDestinationRules } from './conntrack-destinations.ts';
import { conntrackFullnessAlerts, conntrackFullnessRules, conntrackFullSoonAlerts } from './conntrack-fullness.ts';
import { conntrackLossAlerts, conntrackLossRules } from './conntrack-loss.ts';
import { conntrackTrendAlerts, conntrackTrendRules } from './conntrack-trend.ts';
import { conntrackZoneAlerts, conntrackZoneRules } from './conntrack-zones.ts';
import { exporterAlerts, exporterRules } from './exporter.ts';
import { ipvsAlerts, ipvsRules } from './ipvs.ts';
import { ipvsConnectionAlerts, ipvsConnectionRules } from './ipvs-connections.ts';
import { ipvsPairAlerts, ipvsPairRules } from './ipvs-pairs.ts';
import { ipvsUpstreamAlerts, ipvsUpstreamRules } from './ipvs-upstream.ts';
import { keepalivedAlerts, keepalivedRules } from './keepalived.ts';
import { keepalivedPairAlerts, keepalivedPairRules } from './keepalived-pairs.ts';
import type { RuleGroup } from './rule.ts';
import { upstreamAllowanceAlerts } from './upstream-allowance.ts';

/** All rules: what is recorded comes before the alerts that use it. */
export const groups: readonly RuleGroup[] = [
  conntrackFullnessRules,
  conntrackLossRules,
  conntrackDestinationRules,
  conntrackZoneRules,
  conntrackTrendRules,
  ipvsRules,
  ipvsConnectionRules,
  ipvsUpstreamRules,
  keepalivedRules,
  keepalivedPairRules,
  ipvsPairRules,
  exporterRules,
  conntrackFullSoonAlerts,
  conntrackFullnessAlerts,
  conntrackLossAlerts,
  conntrackDestinationAlerts,
  conntrackZoneAlerts,
  conntrackTrendAlerts,
  ipvsAlerts,
  ipvsConnectionAlerts,
  ipvsUpstreamAlerts,
  upstreamAllowanceAlerts,
  keepalivedAlerts,
  keepalivedPairAlerts,
  ipvsPairAlerts,
  exporterAlerts,
];
