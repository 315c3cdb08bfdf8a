import { gauge } from '../../scrape/metric.ts';
import { realServerLabels, virtualServerLabels } from '../ipvs/metrics.ts';

export const keepalivedVirtualServerDisagreement = gauge(
  'keepalived_virtual_server_disagreement',
  'A virtual server that keepalived has given to the kernel, which does not have it (missing), or the reverse (unmanaged). 1 while it is so, absent otherwise, and where there are too many.',
  [...virtualServerLabels, 'reason'],
);
export const keepalivedRealServerDisagreement = gauge(
  'keepalived_real_server_disagreement',
  'A real server that keepalived has given to the kernel, which does not have it (missing); that keepalived took out (unwanted) or does not know (unmanaged) and the kernel has; or that has another weight (weight) or forwarding method (forward) in the kernel. 1 while it is so, absent otherwise, and where there are too many.',
  [...realServerLabels, 'reason'],
);
export const keepalivedIpvsDisagreements = gauge(
  'keepalived_ipvs_disagreements',
  'Differences between what keepalived has given to the kernel and what the kernel has. 0 normally; absent where nothing was compared.',
);
export const keepalivedVirtualServerQuorumUp = gauge(
  'keepalived_virtual_server_quorum_up',
  'Whether a virtual server has its quorum, as keepalived sees it.',
  virtualServerLabels,
);
export const keepalivedVirtualServerQuorumWeight = gauge(
  'keepalived_virtual_server_quorum_weight',
  'Sum of weights that a virtual server needs for its quorum.',
  virtualServerLabels,
);
export const keepalivedVirtualServerQuorumHysteresis = gauge(
  'keepalived_virtual_server_quorum_hysteresis',
  'By how much the weights have to exceed that to gain the quorum, and to fall short of it to lose it.',
  virtualServerLabels,
);
export const keepalivedVirtualServerWeight = gauge(
  'keepalived_virtual_server_weight',
  'Sum of the effective weights of the real servers that keepalived holds to be up.',
  virtualServerLabels,
);
export const keepalivedVirtualServerRealServers = gauge(
  'keepalived_virtual_server_real_servers',
  'Real servers that a virtual server is configured with.',
  virtualServerLabels,
);
export const keepalivedVirtualServerRealServersUp = gauge(
  'keepalived_virtual_server_real_servers_up',
  'Those of them that keepalived holds to be up.',
  virtualServerLabels,
);
export const keepalivedSorryServerInUse = gauge(
  'keepalived_sorry_server_in_use',
  'Whether the sorry server answers in place of the real servers. Absent where none is configured.',
  realServerLabels,
);
export const keepalivedRealServerUp = gauge(
  'keepalived_real_server_up',
  'Whether keepalived holds a real server to be up. An assumption where nothing checks it.',
  realServerLabels,
);
export const keepalivedRealServerChecked = gauge(
  'keepalived_real_server_checked',
  'Whether checkers say so: 0 while one has not run yet or rests (ha_suspend), and where there is none.',
  realServerLabels,
);
export const keepalivedRealServerEffectiveWeight = gauge(
  'keepalived_real_server_effective_weight',
  'Weight that a real server has in the kernel when it is up: the configured one with what checkers and files make of it.',
  realServerLabels,
);
export const keepalivedRealServerConfiguredWeight = gauge(
  'keepalived_real_server_configured_weight',
  'Weight that a real server is configured with.',
  realServerLabels,
);
export const keepalivedRealServerFailedCheckers = gauge(
  'keepalived_real_server_failed_checkers',
  'Checkers of a kind that a real server fails.',
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
