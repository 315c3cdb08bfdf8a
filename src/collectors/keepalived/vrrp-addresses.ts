import type { InterfaceAddress } from '../../netlink/route/address-message.ts';
import type { VrrpAddress, VrrpInstance } from '../../parsers/keepalived/vrrp-instance.ts';
import { gauge, type Sample, sample } from '../../scrape/metric.ts';
import { instanceLabels, labelsOf } from './vrrp.ts';

const bound = gauge(
  'keepalived_vrrp_address_bound',
  'Whether the kernel has a virtual address on the interface where its VRRP instance sets it when master.',
  [...instanceLabels, 'address'],
);
const elsewhere = gauge(
  'keepalived_vrrp_address_elsewhere_info',
  'Another interface that has a virtual address, such as lo on a director that also is a real server. Always 1.',
  [...instanceLabels, 'address', 'device'],
);

export const vrrpAddressMetrics = [bound, elsewhere] as const;

/** Where the virtual addresses of an instance really are, in whatever state it is. */
export function sampleVrrpAddresses(instance: VrrpInstance, present: readonly InterfaceAddress[]): Sample[] {
  const addresses = [...new Set(instance.addresses.map(({ address }) => address))];
  return addresses.flatMap((address) => {
    const labels = { ...labelsOf(instance), address };
    // An instance may set one address on several interfaces.
    const wanted = instance.addresses.filter((one) => one.address === address).map((one) => interfaceOf(instance, one));
    const actual = [...new Set(present.filter((one) => one.address === address).map((one) => one.interface))];
    return [
      sample(bound, wanted.every((one) => actual.includes(one)) ? 1 : 0, labels),
      ...actual
        .filter((device) => !wanted.includes(device))
        .map((device) => sample(elsewhere, 1, { ...labels, device })),
    ];
  });
}

/** Without a name of its own it is the instance's. */
function interfaceOf(instance: VrrpInstance, address: VrrpAddress): string {
  return address.interface === '' ? instance.interface : address.interface;
}
