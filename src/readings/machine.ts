import { firewallServiceProxyInfo } from '../collectors/firewall/metrics.ts';
import { ipvsVirtualServerRealServers } from '../collectors/ipvs/metrics.ts';
import { keepalivedVrrpState } from '../collectors/keepalived/metrics.ts';
import { lvsPlatformInfo } from '../collectors/platform/metrics.ts';
import { prerequisitesSettingOwnerRunning } from '../collectors/prerequisites/metrics.ts';
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

/** The rules of the firewall are known to diagnose alone. */
function isManagedBy(readings: Readings, proxy: (typeof serviceProxies)[number]): boolean {
  return (
    readings.all(lvsPlatformInfo, { kube_proxy: proxy }).length > 0 ||
    readings.all(firewallServiceProxyInfo, { proxy }).length > 0
  );
}
