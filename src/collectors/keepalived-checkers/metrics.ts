import { gauge } from '../../scrape/metric.ts';
import { realServerLabels, virtualServerLabels } from '../ipvs/metrics.ts';

export const keepalivedVirtualServerDisagreement = gauge(
  'keepalived_virtual_server_disagreement',
  'A virtual server that keepalived added and the kernel does not have (missing), or the reverse (unmanaged). 1 while the difference exists, absent otherwise and if there are too many.',
  [...virtualServerLabels, 'reason'],
);
export const keepalivedRealServerDisagreement = gauge(
  'keepalived_real_server_disagreement',
  'A real server that keepalived added and the kernel does not have (missing); that keepalived removed (unwanted) or never configured (unmanaged) and the kernel has; or that has another weight (weight) or forwarding method (forward) in the kernel. 1 while the difference exists, absent otherwise and if there are too many.',
  [...realServerLabels, 'reason'],
);
export const keepalivedIpvsDisagreements = gauge(
  'keepalived_ipvs_disagreements',
  "Number of differences between keepalived's view and the kernel's IPVS table. 0 normally; absent if nothing was compared.",
);
export const keepalivedVirtualServerQuorumUp = gauge(
  'keepalived_virtual_server_quorum_up',
  'Whether a virtual server has its quorum, as keepalived sees it.',
  virtualServerLabels,
);
export const keepalivedVirtualServerQuorumWeight = gauge(
  'keepalived_virtual_server_quorum_weight',
  'Sum of weights that a virtual server requires for its quorum.',
  virtualServerLabels,
);
export const keepalivedVirtualServerQuorumHysteresis = gauge(
  'keepalived_virtual_server_quorum_hysteresis',
  'Margin by which the weights must exceed the quorum to gain it, and fall below it to lose it.',
  virtualServerLabels,
);
export const keepalivedVirtualServerWeight = gauge(
  'keepalived_virtual_server_weight',
  'Sum of the effective weights of the real servers that keepalived considers up.',
  virtualServerLabels,
);
export const keepalivedVirtualServerRealServers = gauge(
  'keepalived_virtual_server_real_servers',
  'Number of real servers configured for a virtual server.',
  virtualServerLabels,
);
export const keepalivedVirtualServerRealServersUp = gauge(
  'keepalived_virtual_server_real_servers_up',
  'Number of real servers that keepalived considers up.',
  virtualServerLabels,
);
export const keepalivedSorryServerInUse = gauge(
  'keepalived_sorry_server_in_use',
  'Whether the sorry server replaces the real servers. Absent if none is configured.',
  realServerLabels,
);
export const keepalivedRealServerUp = gauge(
  'keepalived_real_server_up',
  'Whether keepalived considers a real server up. An assumption if nothing checks it.',
  realServerLabels,
);
export const keepalivedRealServerChecked = gauge(
  'keepalived_real_server_checked',
  'Whether checkers have established the state of a real server: 0 while one has not run yet or is suspended (ha_suspend), and if there is none.',
  realServerLabels,
);
export const keepalivedRealServerEffectiveWeight = gauge(
  'keepalived_real_server_effective_weight',
  'Weight that a real server has in the kernel if it is up: the configured weight, changed by checkers and files.',
  realServerLabels,
);
export const keepalivedRealServerConfiguredWeight = gauge(
  'keepalived_real_server_configured_weight',
  'Configured weight of a real server.',
  realServerLabels,
);
export const keepalivedRealServerFailedCheckers = gauge(
  'keepalived_real_server_failed_checkers',
  'Number of checkers of a kind that a real server fails.',
  [...realServerLabels, 'checker'],
);

export const disagreementMetrics = [keepalivedVirtualServerDisagreement, keepalivedRealServerDisagreement];

export const checkedServerMetrics = [
  keepalivedVirtualServerQuorumUp,
  keepalivedVirtualServerQuorumWeight,
  keepalivedVirtualServerQuorumHysteresis,
  keepalivedVirtualServerWeight,
  keepalivedVirtualServerRealServers,
  keepalivedVirtualServerRealServersUp,
  keepalivedSorryServerInUse,
  keepalivedRealServerUp,
  keepalivedRealServerChecked,
  keepalivedRealServerEffectiveWeight,
  keepalivedRealServerConfiguredWeight,
  keepalivedRealServerFailedCheckers,
];

export const ipvsComparisonMetrics = [keepalivedIpvsDisagreements, ...disagreementMetrics];
