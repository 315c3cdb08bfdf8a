import type { VrrpAddress, VrrpInstance } from './vrrp-instance.ts';

/**
 * Parses a virtual address as `format_ipaddress()` in keepalived/vrrp/vrrp_ipaddress.c writes it, or undefined:
 * `10.0.0.1/24 brd 10.0.0.255 dev vrrp.51@eth0 scope global label eth0:1 set`. A full prefix length is left out.
 * Before keepalived 2.0.11 there is nothing but the address in JSON.
 */
export function parseVrrpAddress(text: string, excluded: boolean): VrrpAddress | undefined {
  const words = text.split(' ');
  const [address = ''] = (words[0] ?? '').split('/');
  if (!isIPv4.test(address) && !isIPv6.test(address)) return undefined;
  if (words.length === 1) return { address, interface: '', excluded };
  const device = words[words.indexOf('dev') + 1];
  // The part after @ is the base interface of a macvlan.
  const [name = ''] = (device ?? '').split('@');
  return words.includes('dev') && name !== '' ? { address, interface: name, excluded } : undefined;
}

const isIPv4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const isIPv6 = /^[\da-f]*:[\da-f:.]+$/i;

/** keepalived advertises addresses of one family in an instance; the excluded ones may be of the other. */
export function familyOf(addresses: readonly VrrpAddress[]): VrrpInstance['family'] {
  const advertised = addresses.find(({ excluded }) => !excluded) ?? addresses[0];
  return advertised?.address.includes(':') ? 'ipv6' : 'ipv4';
}
