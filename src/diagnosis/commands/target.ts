import { endpoint } from '../../identity/address.ts';
import type { AnyFound, Endpoint } from '../finding.ts';
import { quoteShell } from './shell.ts';

/** Protocols whose flows have ports. */
const protocolsWithPorts: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite']);

/** What selects the flows that a remedy is about. */
export interface Target extends Endpoint {
  readonly netns: string | undefined;
}

export function targetOf({ subject: { destination, namespace } }: AnyFound): Target | undefined {
  return destination && { ...destination, netns: namespace };
}

export function hasPort({ protocol, port }: Pick<Target, 'protocol' | 'port'>): boolean {
  return protocolsWithPorts.has(protocol) && port !== '' && port !== '0';
}

export function isIPv6({ address }: Pick<Target, 'address'>): boolean {
  return address.includes(':');
}

/** The program that has rules for these packets. */
export function iptablesFor(target: Pick<Target, 'address'>): string {
  return isIPv6(target) ? 'ip6tables' : 'iptables';
}

export function nameTarget({ protocol, address, port }: Target): string {
  return `${protocol} ${endpoint(address, port)}`.trim();
}

/** `-p tcp --dport 80`, as iptables and conntrack take it. Empty if any protocol matches. */
export function protocolOptions(target: Target, portOption: '--dport' | '--sport'): string {
  if (target.protocol === '') return '';
  return ` -p ${target.protocol}${hasPort(target) ? ` ${portOption} ${target.port}` : ''}`;
}

export function hostPrefix(target: Target): string {
  return quoteShell(`${target.address}/${isIPv6(target) ? 128 : 32}`);
}

/** A table of its own for each destination, so that it can be taken back alone. */
export function nftTable(purpose: string, { protocol, address, port }: Target): string {
  return `lvs_${purpose}_${protocol}_${address.replaceAll(/[.:]/g, '_')}_${port}`;
}

export function nftMatch(target: Target, host: 'daddr' | 'saddr', portField: 'dport' | 'sport'): string {
  const ip = `${isIPv6(target) ? 'ip6' : 'ip'} ${host} ${target.address}`;
  return hasPort(target)
    ? `${ip} ${target.protocol} ${portField} ${target.port}`
    : `${ip} meta l4proto ${target.protocol}`;
}
