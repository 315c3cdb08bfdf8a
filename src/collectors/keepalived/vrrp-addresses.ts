import type { InterfaceAddress } from '../../netlink/route/address-message.ts';
import type { VrrpAddress, VrrpInstance } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { keepalivedVrrpAddressBound, keepalivedVrrpAddressElsewhereInfo } from './metrics.ts';
import { labelsOf } from './vrrp.ts';

/** The interfaces that have an address, by address. */
export type BoundAddresses = ReadonlyMap<string, ReadonlySet<string>>;

export function indexAddresses(present: readonly InterfaceAddress[]): BoundAddresses {
  return groupInterfaces(present);
}

/** Where the virtual addresses of an instance really are, in whatever state it is. */
export function sampleVrrpAddresses(instance: VrrpInstance, present: BoundAddresses): Sample[] {
  const instanceLabels = labelsOf(instance);
  // An instance may set one address on several interfaces.
  const wanted = groupInterfaces(instance.addresses.map((one) => placeOn(instance, one)));
  return [...wanted].flatMap(([address, devices]) => {
    const labels = { ...instanceLabels, address };
    const actual = present.get(address) ?? new Set();
    return [
      sample(keepalivedVrrpAddressBound, [...devices].every((one) => actual.has(one)) ? 1 : 0, labels),
      ...[...actual]
        .filter((device) => !devices.has(device))
        .map((device) => sample(keepalivedVrrpAddressElsewhereInfo, 1, { ...labels, device })),
    ];
  });
}

/** Without a name of its own the interface is the instance's. */
function placeOn(instance: VrrpInstance, { address, interface: own }: VrrpAddress): InterfaceAddress {
  return { address, interface: own === '' ? instance.interface : own };
}

function groupInterfaces(addresses: readonly InterfaceAddress[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { address, interface: device } of addresses) {
    const group = groups.get(address);
    if (group) group.add(device);
    else groups.set(address, new Set([device]));
  }
  return groups;
}
