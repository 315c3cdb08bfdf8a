import type { Destination } from '../../readings/destinations.ts';
import { endpoint } from '../../readings/format.ts';
import type { Party, Remedy } from '../finding.ts';
import { inNamespace, quote } from './shell.ts';

/** Protocols whose flows can be told by a port. */
const protocolsWithPorts: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite']);

/** What tells the flows of a destination. */
export type Target = Pick<Destination, 'protocol' | 'address' | 'port' | 'zone' | 'netns'>;

export function hasPort({ protocol, port }: Pick<Target, 'protocol' | 'port'>): boolean {
  return protocolsWithPorts.has(protocol) && port !== '' && port !== '0';
}

export function isIPv6({ address }: Pick<Target, 'address'>): boolean {
  return address.includes(':');
}

const tradeOff =
  'Packets to and from this address are UNTRACKED: rules for ESTABLISHED, NEW or INVALID no longer match them, so the ' +
  'firewall has to let both directions pass by address and port. No NAT and no helpers for them. ';

/**
 * The answers as well: those of a real server on the same host do come this way, and would be INVALID without their
 * request.
 */
export function notrackByIptables(destination: Target, by: Party): Remedy {
  const rules = matches(destination).map((match) => `PREROUTING 1 ${match} -j CT --notrack`);
  const iptables = isIPv6(destination) ? 'ip6tables' : 'iptables';
  return {
    title: `Do not track ${nameOf(destination)}, with iptables`,
    by,
    commands: [
      ...rules.map((rule) => inNamespace(destination.netns, `${iptables} -t raw -I ${rule}`)),
      deleteEntries(destination),
    ],
    tradeOff: `${tradeOff}The rules are lost when the machine restarts, and when something restores all of iptables.`,
    undo: rules.map((rule) =>
      inNamespace(destination.netns, `${iptables} -t raw -D ${rule.replace('PREROUTING 1', 'PREROUTING')}`),
    ),
  };
}

function matches(destination: Target): string[] {
  const { protocol, address, port } = destination;
  const host = quote(`${address}/${isIPv6(destination) ? 128 : 32}`);
  const [to, from] = hasPort(destination) ? [` --dport ${port}`, ` --sport ${port}`] : ['', ''];
  return [`-d ${host} -p ${protocol}${to}`, `-s ${host} -p ${protocol}${from}`];
}

/** What the operator of the stateful hop before a director has to do: not for this machine. */
export function notrackBefore({ protocol = '', address = '', port = '' }: Readonly<Record<string, string>>): Remedy {
  const remedy = notrackByIptables({ protocol, address, port, zone: '0', netns: undefined }, 'operator');
  return { ...remedy, title: `On the host before this director: do not track ${protocol} ${endpoint(address, port)}` };
}

export function notrackByNft(destination: Target, by: Party): Remedy {
  const table = nftTable('notrack', destination);
  const run = (command: string) => inNamespace(destination.netns, `nft ${command}`);
  return {
    title: `Do not track ${nameOf(destination)}, with nftables`,
    by,
    commands: [
      run(`add table inet ${table}`),
      run(`'add chain inet ${table} prerouting { type filter hook prerouting priority raw; policy accept; }'`),
      run(`add rule inet ${table} prerouting ${nftMatch(destination, 'daddr', 'dport')} notrack`),
      run(`add rule inet ${table} prerouting ${nftMatch(destination, 'saddr', 'sport')} notrack`),
      deleteEntries(destination),
    ],
    tradeOff: `${tradeOff}The table is lost when the machine restarts.`,
    undo: [run(`delete table inet ${table}`)],
  };
}

/** A table of its own for each destination, so that it can be taken back alone. */
export function nftTable(purpose: string, { protocol, address, port }: Target): string {
  return `lvs_${purpose}_${protocol}_${address.replaceAll(/[.:]/g, '_')}_${port}`;
}

export function nftMatch(destination: Target, host: 'daddr' | 'saddr', portField: 'dport' | 'sport'): string {
  const { protocol, address, port } = destination;
  const ip = `${isIPv6(destination) ? 'ip6' : 'ip'} ${host} ${address}`;
  return hasPort(destination) ? `${ip} ${protocol} ${portField} ${port}` : `${ip} meta l4proto ${protocol}`;
}

/**
 * What is tracked already stays until it expires. `conntrack -D` lists and deletes, and ends with an error at an entry that
 * expired in between, with the rest still there: so it is repeated.
 */
export function deleteEntries(destination: Target): string {
  const { protocol, address, port, netns } = destination;
  const family = isIPv6(destination) ? ' -f ipv6' : '';
  const toPort = hasPort(destination) ? ` --dport ${port}` : '';
  const command = inNamespace(netns, `conntrack -D${family} -d ${quote(address)} -p ${protocol}${toPort}`);
  return `for try in 1 2 3 4 5; do ${command} >/dev/null && break; done`;
}

function nameOf({ protocol, address, port }: Target): string {
  return `${protocol} ${endpoint(address, port)}`;
}
