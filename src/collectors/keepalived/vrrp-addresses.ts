import type { InterfaceAddress } from '../../netlink/route/address-message.ts';
import type { VrrpAddress, VrrpInstance } from '../../parsers/keepalived/vrrp-instance.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { keepalivedVrrpAddressBound, keepalivedVrrpAddressElsewhereInfo } from './metrics.ts';
import { labelsOf } from './vrrp.ts';

/** Where the virtual addresses of an instance really are, in whatever state it is. */
export function sampleVrrpAddresses(instance: VrrpInstance, present: readonly InterfaceAddress[]): Sample[] {
  const addresses = [...new Set(instance.addresses.map(({ address }) => address))];
  return addresses.flatMap((address) => {
    const labels = { ...labelsOf(instance), address };
    // An instance may set one address on several interfaces.
    const wanted = instance.addresses.filter((one) => one.address === address).map((one) => interfaceOf(instance, one));
    const actual = [...new Set(present.filter((one) => one.address === address).map((one) => one.interface))];
    return [
      sample(keepalivedVrrpAddressBound, wanted.every((one) => actual.includes(one)) ? 1 : 0, labels),
      ...actual
        .filter((device) => !wanted.includes(device))
        .map((device) => sample(keepalivedVrrpAddressElsewhereInfo, 1, { ...labels, device })),
    ];
  });
}

/** Without a name of its own it is the instance's. */
function interfaceOf(instance: VrrpInstance, address: VrrpAddress): string {
  return address.interface === '' ? instance.interface : address.interface;
}
