import { formatIPv6 } from '../../identity/address.ts';

const kinds: ReadonlySet<string> = new Set(['DNS', 'IP Address', 'email', 'URI']);

/**
 * The names that exporter-toolkit compares, each whole and as Go writes it, in Node's form of a certificate's alternative
 * names: `DNS:a.example, IP Address:0:0:0:0:0:0:0:1`, odd ones in JSON's quotes. What a name of another kind contains, as in
 * `DirName:CN=DNS:a.example`, is none. A certificate that Go refuses has none: it has a character that is not ASCII, or an
 * address of another length, which Node writes as `<invalid length=5>`.
 */
export function alternativeNames(subjectAltName: string): string[] {
  const items = [...subjectAltName.matchAll(/(?:^|, )([A-Za-z][A-Za-z\d ]*):("(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/gy)];
  const names = items.flatMap(([, kind = '', value = '']) => (kinds.has(kind) ? [nameOf(kind, value)] : []));
  const isRefused = (name: string) => Buffer.byteLength(name) !== name.length || name.startsWith('<');
  return names.some(isRefused) ? [] : names;
}

function nameOf(kind: string, value: string): string {
  if (value.startsWith('"')) return String(JSON.parse(value));
  if (kind !== 'IP Address' || !value.includes(':')) return value;
  const address = formatIPv6(value.split(':').map((group) => Number.parseInt(group, 16)));
  // Go writes an IPv4 address that is mapped into IPv6 as the IPv4 address.
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
