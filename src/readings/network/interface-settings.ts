import { networkInterfaceSetting } from '../../collectors/network/metrics.ts';
import type { Readings } from '../readings.ts';

/** A setting below net.ipv4.conf: that of an interface, or of `all`. 0 where it is not known. */
export function interfaceSetting(readings: Readings, name: string, device: string): number {
  return readings.value(networkInterfaceSetting, { interface: device, name }) ?? 0;
}

/** Of rp_filter, arp_ignore and arp_announce the larger of the value for all and that of the interface is in force. */
export function settingInForce(readings: Readings, name: string, device: string): number {
  return Math.max(interfaceSetting(readings, name, 'all'), interfaceSetting(readings, name, device));
}

/** Those that have an IPv4 route. */
export function listInterfaces(readings: Readings): string[] {
  const names = readings.all(networkInterfaceSetting).map(({ labels }) => labels.interface ?? '');
  return [...new Set(names)].filter((name) => name !== 'all');
}
