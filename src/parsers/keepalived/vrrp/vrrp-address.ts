import { parseAddress } from '../../../identity/address.ts';
import type { VrrpAddress, VrrpInstance } from './vrrp-instance.ts';

/**
 * Parses a virtual address as `format_ipaddress()` in keepalived/vrrp/vrrp_ipaddress.c writes it, or undefined:
 * `10.0.0.1/24 brd 10.0.0.255 dev vrrp.51@eth0 scope global label eth0:1 set`. A full prefix length is left out.
 * Before keepalived 2.0.11 there is nothing but the address in JSON.
 */
export function parseVrrpAddress(text: string, excluded: boolean): VrrpAddress | undefined {
  const address = parseAddress(beforeAny(text, 0, '/', ' '));
  if (address === undefined) return undefined;
  if (!text.includes(' ')) return { address, interface: '', excluded };
  const place = text.indexOf(' dev ');
  // The part after @ is the base interface of a macvlan.
  const name = place < 0 ? '' : beforeAny(text, place + ' dev '.length, '@', ' ');
  return name === '' ? undefined : { address, interface: name, excluded };
}

/** A text from a place on, up to the first of two characters. */
function beforeAny(text: string, start: number, ...ends: readonly [string, string]): string {
  const places = ends.map((end) => text.indexOf(end, start)).filter((place) => place >= 0);
  return text.slice(start, places.length === 0 ? undefined : Math.min(...places));
}

/** keepalived advertises addresses of one family in an instance; the excluded ones may be of the other. */
export function familyOf(addresses: readonly VrrpAddress[]): VrrpInstance['family'] {
  const advertised = addresses.find(({ excluded }) => !excluded) ?? addresses[0];
  return advertised?.address.includes(':') ? 'ipv6' : 'ipv4';
}
