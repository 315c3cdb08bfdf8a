import { gauge } from '../scrape/metric.ts';

export const lvsPlatformInfo = gauge('lvs_platform_info', 'What the machine is and which part it plays. Always 1.', [
  'role',
  'virtualization',
  'platform',
  'kernel',
]);
export const lvsHostNetworkNamespace = gauge(
  'lvs_host_network_namespace',
  "Whether the exporter sees the host's network namespace (1) or another one (0), whose count the limit does not fit.",
);
export const lvsPlatformMemoryBytes = gauge('lvs_platform_memory_bytes', 'Memory of the machine.');
