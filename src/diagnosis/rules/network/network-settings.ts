import { ipvsVirtualServerInfo } from '../../../collectors/ipvs/metrics.ts';
import {
  keepalivedVrrpAddressBound,
  keepalivedVrrpAddressElsewhereInfo,
  keepalivedVrrpState,
} from '../../../collectors/keepalived/metrics.ts';
import { networkHiddenAddressInfo, networkReversePathFilteredTotal } from '../../../collectors/network/metrics.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { known } from '../../../readings/known.ts';
import { listInterfaces, settingInForce } from '../../../readings/network/interface-settings.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';

/** Settings of the network that load balancing depends on. */
export function networkSettings(readings: Readings): AnyFound[] {
  return [...reversePathDrops(readings), ...answersArp(readings)];
}

const filtered = networkReversePathFilteredTotal;
/** Seconds between two readings that do not record it. */
const usualSeconds = 10;
/** Value of rp_filter. */
const strict = 1;

/** Packets whose source is not routed back where they came in, which is usual with direct server return. */
function reversePathDrops(readings: Readings): AnyFound[] {
  const filteredPackets = readings.rise(filtered) ?? 0;
  const perSecond = readings.perSecond(filtered) ?? filteredPackets / usualSeconds;
  if (perSecond < thresholds.reversePathFiltered.warning) return [];
  const strictInterfaces = listInterfaces(readings).filter(
    (name) => settingInForce(readings, 'rp_filter', name) === strict,
  );
  const numbers = { filteredPackets, ...known({ filteredPerSecond: readings.perSecond(filtered) }) };
  return [{ id: 'reverse-path-drops', severity: 'warning', subject: {}, numbers, details: { strictInterfaces } }];
}

/**
 * 0: an interface answers for every address of the machine; 1 and up: only for those that it has itself. Of
 * arp_announce, 2: the best address for the target, never the VIP that a packet carries as its source.
 */
const neededSettings = [
  { name: 'arp_ignore', neededSetting: 1 },
  { name: 'arp_announce', neededSetting: 2 },
] as const;

/** A real server has the VIP too, but must leave it to the director to answer for it. */
function answersArp(readings: Readings): AnyFound[] {
  return readings.all(networkHiddenAddressInfo).flatMap(({ labels }): AnyFound[] => {
    const { address = '', interface: device = '' } = labels;
    if (servesAddress(readings, address)) return [];
    const settings = neededSettings
      .map((one) => ({ ...one, presentSetting: settingInForce(readings, one.name, device) }))
      .filter(({ presentSetting, neededSetting }) => presentSetting < neededSetting);
    if (settings.length === 0) return [];
    const subject = { address, interface: device };
    return [{ id: 'answers-arp', severity: 'warning', subject, numbers: {}, details: { settings } }];
  });
}

/**
 * Whether this machine is the director of an address now, so that it must answer: the master of a VRRP instance that has
 * it, or one with virtual servers where no VRRP instance decides. A fwmark service does not name its addresses.
 */
function servesAddress(readings: Readings, address: string): boolean {
  const states = [keepalivedVrrpAddressBound, keepalivedVrrpAddressElsewhereInfo]
    .flatMap((metric) => readings.all(metric, { address }))
    .map(({ labels: { address: _address, device: _device, ...instance } }) => instance)
    .map((instance) => readings.value(keepalivedVrrpState, { ...instance, state: 'master' }));
  if (states.length > 0) return states.includes(1);
  return readings.all(ipvsVirtualServerInfo).some(({ labels }) => labels.address === address || labels.fwmark);
}
