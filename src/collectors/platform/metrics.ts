import { gauge } from '../../scrape/metric.ts';

export const lvsPlatformInfo = gauge(
  'lvs_platform_info',
  'Virtualization, cloud platform, kernel and role of the machine. kube_proxy is what manages IPVS on a node of Kubernetes: ipvs for kube-proxy in IPVS mode, kube-router, otherwise empty. service_manager is another program that sets virtual servers up: ldirectord, seesaw, gorb or kube-vip, otherwise empty, and empty also where processes are not shown. Always 1.',
  ['role', 'virtualization', 'platform', 'kernel', 'kube_proxy', 'service_manager'],
);
export const lvsHostNetworkNamespace = gauge(
  'lvs_host_network_namespace',
  "Whether the exporter sees the host's network namespace (1) or another one (0), whose count does not match the limit.",
);
export const lvsPlatformMemoryBytes = gauge('lvs_platform_memory_bytes', 'Memory of the machine.');
