import { formatIPv4, formatIPv6, parseAddress } from '../identity/address.ts';
import { anonymizeDomain } from './anonymize-domain.ts';
import { anonymizeOpenVSwitch } from './anonymize-open-vswitch.ts';

/** Removes from the text of a file what must not leave the machine. */
export type Anonymize = (path: string, text: string) => string;

/**
 * Replaces the clients' addresses: in a tracked flow its original source, in an IPVS connection the side that it comes
 * from, of any network namespace. An address that was once a client's is replaced wherever it stands in a text that has
 * addresses of clients, in this one and in all that follow. Hardware and mail addresses are replaced in every text.
 * Of neighbours and of sources in rules, only those are kept that are destinations of flows: without a table that reports who
 * is a client, each may be one.
 */
export function createAnonymize(): Anonymize {
  const clients = new Set<string>();
  const destinations = new Set<string>();
  const pseudonym = createPseudonyms();
  const hardware = createHardwarePseudonyms();
  const replace = (address: string) => (clients.has(keyOf(address)) ? pseudonym(keyOf(address)) : address);
  const replaceUnknown = (address: string) =>
    destinations.has(keyOf(address)) || parseAddress(address) === undefined
      ? replace(address)
      : pseudonym(keyOf(address));
  return (path, text) => {
    const own = path.replace(/^\/netns\/[^/]+(?=\/)/, '');
    const anonymize = () => {
      if (own.startsWith('/proc/net/nf_conntrack')) {
        for (const [, destination = ''] of text.matchAll(/^.*? dst=(\S+)/gm)) destinations.add(keyOf(destination));
        return anonymizeFlows(text, clients, replace);
      }
      if (own.startsWith('/proc/net/ip_vs_conn')) return anonymizeConnections(text, clients, replace);
      if (own.startsWith('/proc/net/udp')) return withoutPeers(text);
      if (own.startsWith('/proc/net/arp')) return replaceAddresses(text, replaceUnknown);
      if (own.startsWith('/commands/')) {
        return replaceAddresses(replaceSources(withoutComments(text), replaceUnknown), replace);
      }
      if (own.startsWith('/ovsdb/')) return anonymizeOpenVSwitch(text);
      return /^\/(run|etc)\/libvirt\/qemu\//.test(own) ? anonymizeDomain(text) : text;
    };
    return anonymize()
      .replaceAll(/(?<![\da-f:])[\da-f]{2}(:[\da-f]{2}){5}(?![\da-f:])/gi, hardware)
      .replaceAll(mailAddress, 'somebody@example.org');
  };
}

/** Looked for from the beginning of a word alone: from each of its characters, a long word would take the square of its length. */
const mailAddress = /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** Texts that show which addresses are clients. */
export function namesClients(path: string): boolean {
  return /\/proc\/net\/(?:nf_conntrack|ip_vs_conn)/.test(path);
}

/** What people write to one another in rules. */
function withoutComments(rules: string): string {
  return rules.replaceAll(/ -m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)/g, '');
}

/** Of rules for one address. */
function replaceSources(rules: string, replace: Replace): string {
  return rules.replaceAll(/(?<= (?:-s|--source) )[\da-f.:]+(?=\/(?:32|128)\b|\s)/gi, replace);
}

/** `514: 0100007F:0035 0A00000A:8F20 01 …`: the third column is who a connected socket sends to. */
function withoutPeers(sockets: string): string {
  return sockets.replaceAll(/^( *\d+: \S+ )([\dA-Fa-f]+):[\dA-Fa-f]{4}(?= )/gm, (_, start: string, peer: string) =>
    start.concat('0'.repeat(peer.length), ':0000'),
  );
}

/** One text for all notations of an IPv6 address. */
function keyOf(address: string): string {
  return address.includes(':') ? (parseAddress(address) ?? address) : address;
}

/** Dotted addresses, and those with colons, in whichever form. */
function replaceAddresses(text: string, replace: Replace): string {
  return text.replaceAll(/(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f.]*:[\da-f:.]*)(?![\w:])/gi, replace);
}

/** The same hardware address is another one everywhere: it joins a neighbour, a port and a virtual machine. */
function createHardwarePseudonyms(): (address: string) => string {
  const known = new Map<string, string>([['00:00:00:00:00:00', '00:00:00:00:00:00']]);
  return (address) => {
    const key = address.toLowerCase();
    const earlier = known.get(key);
    if (earlier !== undefined) return earlier;
    // Locally administered (IEEE 802), so that it belongs to no vendor.
    const digits = known.size.toString(16).padStart(10, '0').match(/../g) ?? [];
    const pseudonym = ['02', ...digits].join(':');
    known.set(key, pseudonym);
    return pseudonym;
  };
}

type Replace = (address: string) => string;

/** `… src=10.0.0.10 dst=10.0.0.100 … src=10.0.0.100 dst=10.0.0.10 …`: the first source of a line is the client. */
function anonymizeFlows(text: string, clients: Set<string>, replace: Replace): string {
  for (const [, client = ''] of text.matchAll(/^.*? src=(\S+)/gm)) clients.add(keyOf(client));
  return text.replaceAll(/(?<= (?:src|dst)=)\S+/g, (address) => writeLike(address, replace(address)));
}

/** `TCP 0A00000A 8F20 0A000064 0050 0A00000B 0050 FIN_WAIT 113`: the second column is the client. */
function anonymizeConnections(text: string, clients: Set<string>, replace: Replace): string {
  for (const [, client = ''] of text.matchAll(/^\S+ +([\dA-F]{8}|[\da-f:]{39}) /gm))
    clients.add(keyOf(readColumn(client)));
  const replaced = text.replaceAll(/(?<= )(?:[\dA-F]{8}|[\da-f:]{39})(?= )/g, (column) =>
    writeLike(column, replace(readColumn(column))),
  );
  // What a persistence engine keeps of a connection, such as a SIP call identifier, holds names and addresses.
  return replaced.replaceAll(/^((?:\S+ +){8}\d+) .*$/gm, '$1');
}

/** A dotted address for eight hexadecimal digits; an IPv6 address as it is. */
function readColumn(column: string): string {
  return column.includes(':') ? column : formatIPv4(Number.parseInt(column, 16));
}

/** An address in the notation of the one that it replaces. */
function writeLike(original: string, address: string): string {
  if (original.includes(':')) return expandIPv6(address);
  if (original.includes('.')) return address;
  return address
    .split('.')
    .map((octet) => Number(octet).toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}

/** All eight groups with four digits each, as the kernel prints `%pI6`. */
function expandIPv6(address: string): string {
  const [head = '', tail] = address.split('::');
  const first = head.split(':');
  const last = tail === undefined ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...zeros, ...last].map((group) => group.padStart(4, '0')).join(':');
}

/**
 * Replaces addresses by others that are valid and unassigned. The same address always gets the same one, in the
 * order of their first appearance; nothing in the result depends on the address itself.
 */
type Pseudonyms = (address: string) => string;

/**
 * IPv4 addresses come from 198.18.0.0/15 (RFC 2544, benchmarks) and, when those are used up, from 100.64.0.0/10
 * (RFC 6598, shared address space): 4,325,376 in all. IPv6 addresses come from 2001:db8::/32 (RFC 3849,
 * documentation).
 */
function createPseudonyms(): Pseudonyms {
  const known = new Map<string, string>();
  let v4 = 0;
  let v6 = 0;
  return (address) => {
    const earlier = known.get(address);
    if (earlier !== undefined) return earlier;
    const pseudonym = address.includes(':') ? numberIPv6(++v6) : numberIPv4(++v4);
    known.set(address, pseudonym);
    return pseudonym;
  };
}

const benchmark = { first: 0xc612_0000, size: 2 ** 17 };
const shared = { first: 0x6440_0000, size: 2 ** 22 };

function numberIPv4(index: number): string {
  if (index < benchmark.size) return formatIPv4(benchmark.first + index);
  const rest = index - benchmark.size;
  if (rest >= shared.size) throw new RangeError('Cannot replace more than 4325375 IPv4 addresses in one recording');
  return formatIPv4(shared.first + rest);
}

function numberIPv6(index: number): string {
  return formatIPv6([0x2001, 0xdb8, 0, 0, 0, 0, Math.floor(index / 0x1_0000), index % 0x1_0000]);
}
