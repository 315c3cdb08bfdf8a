import { parseAddress } from '../../identity/address.ts';
import type { VrrpAddress, VrrpInstance } from './vrrp-instance.ts';

/**
 * Parses a virtual address as `format_ipaddress()` in keepalived/vrrp/vrrp_ipaddress.c writes it, or undefined:
 * `10.0.0.1/24 brd 10.0.0.255 dev vrrp.51@eth0 scope global label eth0:1 set`. A full prefix length is left out.
 * Before keepalived 2.0.11 there is nothing but the address in JSON.
 */
export function parseVrrpAddress(text: string, excluded: boolean): VrrpAddress | undefined {
  const words = text.split(' ');
  const [written = ''] = (words[0] ?? '').split('/');
  const address = parseAddress(written);
  if (address === undefined) return undefined;
  if (words.length === 1) return { address, interface: '', excluded };
  const place = words.indexOf('dev');
  // The part after @ is the base interface of a macvlan.
  const [name = ''] = (place < 0 ? '' : (words[place + 1] ?? '')).split('@');
  return name === '' ? undefined : { address, interface: name, excluded };
}

/** keepalived advertises addresses of one family in an instance; the excluded ones may be of the other. */
export function familyOf(addresses: readonly VrrpAddress[]): VrrpInstance['family'] {
  const advertised = addresses.find(({ excluded }) => !excluded) ?? addresses[0];
  return advertised?.address.includes(':') ? 'ipv6' : 'ipv4';
}
