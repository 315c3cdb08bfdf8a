import { firewallServiceProxyInfo } from '../collectors/firewall/metrics.ts';
import {
  ipvsRealServerWeight,
  ipvsSetting,
  ipvsVirtualServerInfo,
  ipvsVirtualServerRealServers,
} from '../collectors/ipvs/metrics.ts';
import { keepalivedUp, keepalivedVrrpState } from '../collectors/keepalived/metrics.ts';
import { lvsPlatformInfo } from '../collectors/platform/metrics.ts';
import { prerequisitesSettingOwnerRunning } from '../collectors/prerequisites/metrics.ts';
import { type OtherServiceManager, otherServiceManagers } from '../identity/service-managers.ts';
import type { Readings } from './readings.ts';

/** Whether the machine has virtual servers. */
export function isDirector(readings: Readings): boolean {
  return readings.all(ipvsVirtualServerRealServers).length > 0;
}

/** Whether VRRP has another director serve now: no instance here is master, and one would be if need be. */
export function isStandby(readings: Readings): boolean {
  const isIn = (state: string) => readings.all(keepalivedVrrpState, { state }).some(({ value }) => value === 1);
  return isIn('backup') && !isIn('master');
}

/** Whether kube-proxy runs in any mode, as far as that was looked for. It sets timers of connection tracking. */
export function runsKubeProxy(readings: Readings): boolean {
  return hasKubeProxy(readings) || readings.is(prerequisitesSettingOwnerRunning, { owner: 'kube-proxy' });
}

/** Whether kube-proxy manages the virtual servers. It sets settings of IPVS when it starts. */
export function hasKubeProxy(readings: Readings): boolean {
  return isManagedBy(readings, 'ipvs');
}

/** Whether a program of Kubernetes manages the virtual servers. Those without real servers are normal there. */
export function isKubernetesNode(readings: Readings): boolean {
  return serviceProxies.some((proxy) => isManagedBy(readings, proxy));
}

const serviceProxies = ['ipvs', 'kube-router'] as const;

/** What sets up the virtual servers, where that shows. It also decides where a setting of them is changed. */
export type ServiceManager = 'keepalived' | 'kube-proxy' | 'kube-router' | 'docker-swarm' | OtherServiceManager;

export function findServiceManager(readings: Readings): ServiceManager | undefined {
  if (hasKubeProxy(readings)) return 'kube-proxy';
  if (isManagedBy(readings, 'kube-router')) return 'kube-router';
  // keepalived may run for VRRP alone.
  const other = otherServiceManagers.find(
    (name) => readings.all(lvsPlatformInfo, { service_manager: name }).length > 0,
  );
  if (other !== undefined) return other;
  if (readings.all(keepalivedUp).length > 0) return 'keepalived';
  return isDockerSwarm(readings) ? 'docker-swarm' : undefined;
}

/** Whether the real servers are containers of a platform, which sets what it needs. */
export function hasContainers(readings: Readings): boolean {
  return isKubernetesNode(readings) || findServiceManager(readings) === 'docker-swarm';
}

/** The first of the marks that Docker counts: `fwMarkCtr` of libnetwork. */
const firstDockerMark = 256;
/** ApplyOSTweaks() of libnetwork/osl sets them, which are all 0 otherwise. */
const dockerSettings = ['expire_nodest_conn', 'expire_quiescent_template'] as const;

/** In a network namespace of Docker Swarm: each service has a mark, is scheduled in turn and masqueraded. */
function isDockerSwarm(readings: Readings): boolean {
  const services = readings.all(ipvsVirtualServerInfo);
  return (
    services.length > 0 &&
    services.every(({ labels }) => Number(labels.fwmark || 0) >= firstDockerMark && labels.scheduler === 'rr') &&
    readings.all(ipvsRealServerWeight).every(({ labels }) => /^(masquerade|local)$/.test(labels.forward ?? '')) &&
    dockerSettings.every((name) => readings.value(ipvsSetting, { name }) === 1)
  );
}

/** The rules of the firewall are known to diagnose alone. */
function isManagedBy(readings: Readings, proxy: (typeof serviceProxies)[number]): boolean {
  return (
    readings.all(lvsPlatformInfo, { kube_proxy: proxy }).length > 0 ||
    readings.all(firewallServiceProxyInfo, { proxy }).length > 0
  );
}
