import { firewallNatTargetInfo } from '../../../collectors/firewall/metrics.ts';
import { ipvsRealServerWeight } from '../../../collectors/ipvs/metrics.ts';
import {
  networkInterfaceSetting,
  networkMisaddressedPacketsTotal,
  networkSetting,
} from '../../../collectors/network/metrics.ts';
import { prerequisitesOwnAddressInfo } from '../../../collectors/prerequisites/metrics.ts';
import { isLoopback, parseIPv4 } from '../../../identity/address.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { hasContainers } from '../../../readings/machine.ts';
import { interfaceSetting, listInterfaces } from '../../../readings/network/interface-settings.ts';
import { listSourceNatRules } from '../../../readings/network/source-nat.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';

/** What this host should forward and does not, or should not get. */
export function forwarding(readings: Readings): AnyFound[] {
  const found = misaddressed(readings);
  return found.length > 0 ? found : masqueradesWrong(readings);
}

/** Packets for others, on a host that does not forward what comes in by some interface, or by any. */
function misaddressed(readings: Readings): AnyFound[] {
  const lostPerSecond = readings.perSecond(networkMisaddressedPacketsTotal) ?? 0;
  if (lostPerSecond < thresholds.misaddressed.perSecond) return [];
  const lostPackets = readings.rise(networkMisaddressedPacketsTotal) ?? 0;
  const numbers = { lostPackets, lostPerSecond };
  const isOff = readings.value(networkSetting, { name: 'ipv4.ip_forward' }) === 0;
  const interfaces = listInterfaces(readings).filter((name) =>
    readings.all(networkInterfaceSetting, { interface: name, name: 'forwarding' }).some(({ value }) => value === 0),
  );
  if (!translates(readings)) {
    return isOff ? [{ id: 'misaddressed-packets', severity: 'warning', subject: {}, numbers, details: {} }] : [];
  }
  return !isOff && interfaces.length === 0
    ? []
    : [
        {
          id: 'does-not-forward',
          // One interface alone may be meant not to.
          severity: isOff ? 'critical' : 'warning',
          subject: {},
          numbers,
          details: { interfaces: isOff ? [] : interfaces, isDirector: isOff && hasMasqueraded(readings) },
        },
      ];
}

/** Who translates addresses does it for others, such as containers. */
function translates(readings: Readings): boolean {
  return (
    hasMasqueraded(readings) ||
    listSourceNatRules(readings).length > 0 ||
    readings.all(firewallNatTargetInfo).length > 0
  );
}

/** Of IPv4, on other machines: their replies are forwarded. */
function hasMasqueraded(readings: Readings): boolean {
  const own = new Set(readings.all(prerequisitesOwnAddressInfo).map(({ labels }) => labels.address));
  return readings
    .all(ipvsRealServerWeight, { forward: 'masquerade' })
    .some(
      ({ labels: { real_address: address = '' } }) => parseIPv4(address) && !isLoopback(address) && !own.has(address),
    );
}

/**
 * What a director with masqueraded real servers needs in addition. Their replies are forwarded in the ordinary way, which what
 * IPVS forwards direct is not: that needs no ip_forward, and is never redirected.
 */
function masqueradesWrong(readings: Readings): AnyFound[] {
  if (!hasMasqueraded(readings)) return [];
  const isForwarding = readings.value(networkSetting, { name: 'ipv4.ip_forward' });
  if (isForwarding === 0) {
    const details = { interfaces: [], isDirector: true };
    return [{ id: 'does-not-forward', severity: 'critical', subject: {}, numbers: {}, details }];
  }
  const interfaces = ['all', ...listInterfaces(readings)].filter(
    (name) => interfaceSetting(readings, 'send_redirects', name) === 1,
  );
  // Replies of containers come from another interface than the one that leads to clients.
  return isForwarding === 1 && interfaces.length > 0 && !hasContainers(readings)
    ? [{ id: 'sends-redirects', severity: 'info', subject: {}, numbers: {}, details: { interfaces } }]
    : [];
}
