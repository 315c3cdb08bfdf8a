import { parseIPv4, parseIPv6 } from '../../identity/address.ts';

/** @param addresses as a rule of NAT has them: one, `198.51.100.1-198.51.100.4`, `[2001:db8::1]` */
export function hasAddress(addresses: string, address: string): boolean {
  const [first = '', last = first] = addresses.replaceAll(/[[\]]/g, '').split('-').map(sortable);
  const wanted = sortable(address);
  return first.length === wanted.length && first <= wanted && wanted <= last;
}

/** A text of one length for each family, in the order of its addresses. */
function sortable(address: string): string {
  const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');
  const ipv4 = parseIPv4(address);
  if (ipv4 !== undefined) return hex(ipv4, 8);
  return (
    parseIPv6(address)
      ?.map((group) => hex(group, 4))
      .join('') ?? address
  );
}
