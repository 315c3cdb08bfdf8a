import { ipvsSetting } from '../../../collectors/ipvs/metrics.ts';
import { hasKubeProxy } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';

/** What kube-proxy sets when it starts in IPVS mode, without a flag: NewProxier() of pkg/proxy/ipvs/proxier.go. */
const needed = { conntrack: 1, expire_nodest_conn: 1, expire_quiescent_template: 1 } as const;

/** Settings that were changed after kube-proxy had set them. */
export function kubeProxySettings(readings: Readings): Found<'kube-proxy-settings-changed'>[] {
  if (!hasKubeProxy(readings)) return [];
  const settings = Object.entries(needed).flatMap(([name, neededSetting]) => {
    const presentSetting = readings.value(ipvsSetting, { name });
    return presentSetting === undefined || presentSetting === neededSetting
      ? []
      : [{ name, presentSetting, neededSetting }];
  });
  if (settings.length === 0) return [];
  return [{ id: 'kube-proxy-settings-changed', severity: 'warning', subject: {}, numbers: {}, details: { settings } }];
}
