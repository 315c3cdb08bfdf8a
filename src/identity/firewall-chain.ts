/** A chain of the firewall, as metrics and findings name it. */
export interface FirewallChain {
  /** `nft`, or `iptables`, `ip6tables`, `iptables-legacy`, `ip6tables-legacy`. */
  readonly tool: string;
  /** `filter FORWARD` of iptables or ip6tables, `inet filter forward` of nft. */
  readonly chain: string;
}

/**
 * The name of a chain as commands may have it. The kernel takes any text as a name, and a shell, nft and the files of
 * iptables-restore would each obey a part of it: what no name in use has becomes `%`, which is part of no name that nft takes.
 */
export function plainChain(chain: string): string {
  return chain.replaceAll(/[^\w.:+/ -]/g, '%').replaceAll(/(^| )-/g, '$1%');
}

export type PacketFamily = 'ipv4' | 'ipv6';

/** The families whose packets meet a chain: one of nft for `inet` or `bridge` meets both. */
export function familiesOfChain({ tool, chain }: FirewallChain): readonly PacketFamily[] {
  if (tool !== 'nft') return [tool.startsWith('ip6') ? 'ipv6' : 'ipv4'];
  if (chain.startsWith('ip ')) return ['ipv4'];
  return chain.startsWith('ip6 ') ? ['ipv6'] : ['ipv4', 'ipv6'];
}

export function familyOfAddress(address: string): PacketFamily {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** Whether the name is that of a chain of iptables, which has two words where one of nft has three. */
export function isChainOfIptables(chain: string): boolean {
  return chain.split(' ').length === 2;
}
