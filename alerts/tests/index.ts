import type { AlertTest } from './alert-test.ts';
import { clusterTests } from './clusters.ts';
import { conntrackDestinationTests } from './conntrack-destinations.ts';
import { conntrackFullnessTests } from './conntrack-fullness.ts';
import { conntrackLossTests } from './conntrack-loss.ts';
import { conntrackTrendTests } from './conntrack-trend.ts';
import { conntrackZoneTests } from './conntrack-zones.ts';
import { exporterTests } from './exporter.ts';
import { failureModeTests } from './failure-modes.ts';
import { ipvsTests } from './ipvs.ts';
import { ipvsConnectionTests } from './ipvs-connections.ts';
import { ipvsFallbackTests } from './ipvs-fallback.ts';
import { ipvsPairTests } from './ipvs-pairs.ts';
import { ipvsUpstreamTests } from './ipvs-upstream.ts';
import { keepalivedTests } from './keepalived.ts';
import { keepalivedPairTests } from './keepalived-pairs.ts';
import { numberTests } from './numbers.ts';
import { upstreamAllowanceTests } from './upstream-allowance.ts';

export const allAlertTests: readonly AlertTest[] = [
  ...clusterTests,
  ...conntrackFullnessTests,
  ...conntrackLossTests,
  ...conntrackDestinationTests,
  ...conntrackZoneTests,
  ...conntrackTrendTests,
  ...ipvsTests,
  ...ipvsFallbackTests,
  ...ipvsConnectionTests,
  ...ipvsUpstreamTests,
  ...upstreamAllowanceTests,
  ...keepalivedTests,
  ...keepalivedPairTests,
  ...ipvsPairTests,
  ...exporterTests,
  ...failureModeTests,
  ...numberTests,
];
