import type { IptablesTable } from './iptables-tables.ts';
import { at, type Json, listOf } from './nft-json.ts';
import type { NftTables } from './nft-tables.ts';

/** Where a rule sends packets whose destination it translates (DNAT). */
export type NatTarget = {
  /** An address, or `198.51.100.1-198.51.100.4`; `?` for one that the rule does not show, as with NETMAP or a set. */
  readonly addresses: string;
};

/** REDIRECT has an address of this host, which is not shown and is there. */
export function parseIptablesTargets(tables: readonly IptablesTable[]): NatTarget[] {
  const nat = tables.filter(({ name }) => name === 'nat').flatMap(({ rules }) => rules);
  return nat.flatMap(({ target, options }): NatTarget[] => {
    if (target === 'NETMAP') return [{ addresses: '?' }];
    return target === 'DNAT' ? readAddresses(/--to-destination (\S+)/.exec(options)?.[1] ?? '?') : [];
  });
}

/** @param to `192.0.2.1`, `192.0.2.1-192.0.2.4:80-90`, `[2001:db8::1]:80`, `2001:db8::1`; `:80` keeps the address */
function readAddresses(to: string): NatTarget[] {
  const [, bracketed, ipv4] = /^(?:\[(.+)\]|(\d+\.[\d.-]+))(?::|$)/.exec(to) ?? [];
  if (/^:\d/.test(to)) return [];
  return [{ addresses: bracketed ?? ipv4 ?? to }];
}

/** The rules of nftables itself; those of iptables are shown there without their targets. */
export function parseNftTargets({ rules }: NftTables): NatTarget[] {
  return rules
    .flatMap(({ expressions }) => expressions)
    .map((one) => at(one, 'dnat'))
    .filter((dnat) => dnat !== undefined)
    .flatMap((dnat) => addressesOf(at(dnat, 'addr')).map((addresses) => ({ addresses })));
}

function addressesOf(value: Json): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  const [first, last] = listOf(at(value, 'range'));
  if (typeof first === 'string') return [`${first}-${last}`];
  const [joined] = listOf(at(value, 'concat'));
  if (joined !== undefined) return addressesOf(joined);
  const values = listOf(at(value, 'map', 'data', 'set')).map((pair) => listOf(pair)[1]);
  return values.length === 0 ? ['?'] : values.flatMap(addressesOf);
}
