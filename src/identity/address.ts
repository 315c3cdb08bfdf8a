/** The dotted form of an IPv4 address given as a number. */
export function formatIPv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The RFC 5952 form of an IPv6 address given as eight 16-bit groups. */
export function formatIPv6(groups: readonly number[]): string {
  if (isMappedIPv4(groups)) return `::ffff:${formatIPv4((groups[6] ?? 0) * 0x1_0000 + (groups[7] ?? 0))}`;
  const { start, length } = maxZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function isMappedIPv4(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

/** RFC 5952 section 4.2: the longest run of zero groups is shortened, the first one of equals. */
function maxZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let end = 0; end <= groups.length; end++) {
    if (groups[end] === 0) continue;
    if (end - start > best.length) best = { start, length: end - start };
    start = end + 1;
  }
  return best;
}

/**
 * The number that a dotted IPv4 address stands for, or undefined if it is none. Digit by digit: the dumps of keepalived
 * may have 10,000 of them.
 */
export function parseIPv4(text: string): number | undefined {
  let [address, octet, digits, octets] = [0, 0, 0, 0];
  for (let index = 0; index <= text.length; index++) {
    const digit = text.charCodeAt(index) - zero;
    if (digit >= 0 && digit <= 9) {
      octet = octet * 10 + digit;
      if (++digits > 3) return undefined;
    } else if (digits > 0 && octet <= 255 && (index === text.length || text[index] === '.')) {
      [address, octet, digits] = [address * 256 + octet, 0, 0];
      octets++;
    } else return undefined;
  }
  return octets === 4 ? address : undefined;
}

const zero = 48;

/** The eight 16-bit groups of an IPv6 address in any of its forms, or undefined if it is none. */
export function parseIPv6(text: string): number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  const [before, after] = [parseGroups(head), parseGroups(tail ?? '')];
  if (!before || !after || more.length > 0) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

/** The last two groups may be written as an IPv4 address. */
function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const dotted = parts.at(-1)?.includes('.') ? parseIPv4(parts.pop() ?? '') : undefined;
  if (text.includes('.') && dotted === undefined) return undefined;
  if (parts.some((part) => !/^[\da-f]{1,4}$/i.test(part))) return undefined;
  const groups = parts.map((part) => Number.parseInt(part, 16));
  return dotted === undefined ? groups : [...groups, dotted >>> 16, dotted & 0xffff];
}

/**
 * An address in the form that this program gives it everywhere, or undefined if it is none. inet_ntop() writes the last
 * 32 bits of an IPv6 address in dotted form where only these are set: `::192.0.2.1` for `::c000:201`.
 */
export function parseAddress(text: string): string | undefined {
  if (!text.includes(':')) return parseIPv4(text) === undefined ? undefined : text;
  const groups = parseIPv6(text);
  return groups && formatIPv6(groups);
}

/** `10.0.0.100:80`, `[fd00::1]:80`. */
export function endpoint(address: string, port: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return port === '' || port === '0' ? address : `${host}:${port}`;
}

/** Of a host itself: 127.0.0.0/8 or ::1. */
export function isLoopback(address: string): boolean {
  return /^127\.|^::1$/.test(address);
}
