import { ipvsVirtualServerRealServers } from '../collectors/ipvs/metrics.ts';
import { keepalivedVrrpState } from '../collectors/keepalived/metrics.ts';
import { lvsPlatformInfo } from '../collectors/platform-metrics.ts';
import { prerequisitesSettingOwnerRunning } from '../collectors/prerequisites-metrics.ts';
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

/** Whether kube-proxy manages the virtual servers. Those without real servers are normal there. */
export function hasKubeProxy(readings: Readings): boolean {
  return readings.all(lvsPlatformInfo, { kube_proxy: 'ipvs' }).length > 0;
}
