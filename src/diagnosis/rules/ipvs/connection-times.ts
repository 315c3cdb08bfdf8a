import { ipvsSetting, ipvsTimeoutSeconds, ipvsVirtualServerRealServers } from '../../../collectors/ipvs/metrics.ts';
import { ipvsConnectionEntries, ipvsConnectionIdleEntries } from '../../../collectors/ipvs-connections/metrics.ts';
import { networkSetting } from '../../../collectors/network/metrics.ts';
import { lvsPlatformInfo } from '../../../collectors/platform/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { known } from '../../../readings/known.ts';
import { isDirector } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';

/** What makes IPVS forget connections that live, or wait before it takes new ones. */
export function connectionTimes(readings: Readings): AnyFound[] {
  return isDirector(readings) ? [...idleTimeout(readings), ...reuseDelays(readings)] : [];
}

/** net.ipv4.vs has no setting for it: 15 minutes, unless `ipvsadm --set` or keepalived changed them. */
const defaultSeconds = 900;
const minIdleRatio = 0.2;
const minIdle = 20;

/** Below the default it was set, as by default it is below the keepalive as well: that matters where clients are idle. */
function idleTimeout(readings: Readings): AnyFound[] {
  const timeoutSeconds = readings.value(ipvsTimeoutSeconds, { protocol: 'tcp', state: 'established' });
  const keepaliveSeconds = readings.value(networkSetting, { name: 'ipv4.tcp_keepalive_time' });
  if (timeoutSeconds === undefined || keepaliveSeconds === undefined || !hasTcp(readings)) return [];
  const idleConnections = readings.value(ipvsConnectionIdleEntries);
  const established = readings.all(ipvsConnectionEntries, { protocol: 'tcp', state: 'established' });
  const establishedConnections = sum(established.map(({ value }) => value));
  const areIdle = (idleConnections ?? 0) >= Math.max(minIdle, minIdleRatio * establishedConnections);
  if (timeoutSeconds >= keepaliveSeconds || (timeoutSeconds >= defaultSeconds && !areIdle)) return [];
  const numbers = {
    timeoutSeconds,
    keepaliveSeconds,
    ...known({ idleConnections, establishedConnections: idleConnections && establishedConnections }),
  };
  return [
    { id: 'ipvs-timeout-below-keepalive', severity: areIdle ? 'warning' : 'info', subject: {}, numbers, details: {} },
  ];
}

function hasTcp(readings: Readings): boolean {
  return readings.all(ipvsVirtualServerRealServers).some(({ labels }) => labels.protocol !== 'udp');
}

/** Linux 5.9 ends the tracked connection of a port that is used again; before, IPVS drops the SYN, sent again after 1 s. */
function reuseDelays(readings: Readings): AnyFound[] {
  const kernel = readings.all(lvsPlatformInfo)[0]?.labels.kernel ?? '';
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  const isOld = major !== undefined && (Number(major) < 5 || (major === '5' && Number(minor) < 9));
  const isOn = (name: string) => ((readings.value(ipvsSetting, { name }) ?? 0) & 1) === 1;
  if (!isOld || !isOn('conntrack') || !isOn('conn_reuse_mode')) return [];
  return [{ id: 'ipvs-port-reuse-delays', severity: 'warning', subject: {}, numbers: {}, details: { kernel } }];
}
