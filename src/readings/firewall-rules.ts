import {
  firewallForwardDropsUntrackedInfo,
  firewallNatRuleInfo,
  firewallNotrackPacketsTotal,
  firewallNotrackRuleInfo,
  firewallSynproxyRuleInfo,
} from '../collectors/firewall/metrics.ts';
import { prerequisitesOwnAddressInfo } from '../collectors/prerequisites/metrics.ts';
import { parseIPv4, parseIPv6 } from '../identity/address.ts';
import { type FirewallChain, familiesOfChain, familyOfAddress } from '../identity/firewall-chain.ts';
import type { Readings } from './readings.ts';

/** What a rule of the firewall is about: empty for any protocol, address or port. An address may be a network. */
export interface RuleTarget {
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
}

/** A rule that keeps packets out of connection tracking. */
export interface NotrackRule extends RuleTarget {
  /** That it was applied to, since it exists. Undefined where it does not count. */
  readonly packets: number | undefined;
  readonly chains: readonly string[];
}

/** Rules with the same target are one. Only known where the rules were read. */
export function listNotrackRules(readings: Readings): NotrackRule[] {
  const rules = new Map<string, NotrackRule>();
  for (const { labels } of readings.all(firewallNotrackRuleInfo)) {
    const { chain = '', protocol = '', address = '', port = '' } = labels;
    const target = { protocol, address, port };
    const { chains = [] } = rules.get(JSON.stringify(target)) ?? {};
    rules.set(JSON.stringify(target), {
      ...target,
      packets: packetsOf(readings, target),
      chains: [...chains, ...(chain === '' ? [] : [chain])],
    });
  }
  return [...rules.values()];
}

/** Of some rules that count and some that do not, a 0 is no evidence. */
function packetsOf(readings: Readings, target: RuleTarget): number | undefined {
  const labels = { ...target };
  const counted = readings.all(firewallNotrackPacketsTotal, labels);
  const total = counted.reduce((sum, { value }) => sum + value, 0);
  const isComplete = counted.length > 0 && counted.length === readings.all(firewallNotrackRuleInfo, labels).length;
  return isComplete || total > 0 ? total : undefined;
}

/** Whether a rule that is at work exempts a destination from tracking. Only known where the rules were read. */
export function isNotTracked(readings: Readings, target: RuleTarget): boolean {
  return listNotrackRules(readings).some((rule) => rule.packets !== 0 && covers(rule, target));
}

/**
 * Chains that drop every packet to a destination that a NOTRACK rule exempts. None for an address of this host, whose packets
 * are not forwarded. Only known where the rules were read.
 */
export function chainsThatDropExempted(
  readings: Readings,
  { address }: Pick<RuleTarget, 'address'>,
): readonly FirewallChain[] {
  if (readings.is(prerequisitesOwnAddressInfo, { address })) return [];
  return readings
    .all(firewallForwardDropsUntrackedInfo)
    .map(({ labels: { tool = '', chain = '' } }) => ({ tool, chain }))
    .filter((one) => familiesOfChain(one).includes(familyOfAddress(address)));
}

/**
 * Whether a rule of the firewall changes the destination of such packets (DNAT). Only known where the rules were read.
 *
 * @param which `specific`: one that names an address or a port
 */
export function hasDnatRule(readings: Readings, target: RuleTarget, which: 'any' | 'specific' = 'any'): boolean {
  return readings
    .all(firewallNatRuleInfo)
    .map(({ labels: { protocol = '', address = '', port = '' } }) => ({ protocol, address, port }))
    .some((rule) => overlap(rule, target) && (which === 'any' || rule.address !== '' || rule.port !== ''));
}

/** Whether a rule is about all packets that another one, or a destination, stands for. */
export function covers(rule: RuleTarget, { protocol, address, port }: RuleTarget): boolean {
  return ['', protocol].includes(rule.protocol) && coversAddress(rule.address, address) && coversPort(rule.port, port);
}

function overlap(one: RuleTarget, other: RuleTarget): boolean {
  const fields = ['protocol', 'address', 'port'] as const;
  const only = (target: RuleTarget, field: keyof RuleTarget) => ({ ...any, [field]: target[field] });
  return fields.every((field) => {
    const [first, second] = [only(one, field), only(other, field)];
    return covers(first, second) || covers(second, first);
  });
}

const any: RuleTarget = { protocol: '', address: '', port: '' };

/** @param network an address, or a network such as 10.0.0.0/8 */
function coversAddress(network: string, address: string): boolean {
  const [first = '', length = ''] = network.split('/');
  if (network === '' || network === address) return true;
  const [bits, other] = [bitsOf(first), bitsOf(address)];
  if (!/^\d+$/.test(length) || bits === undefined || bits.length !== other?.length) return false;
  return other.startsWith(bits.slice(0, Number(length)));
}

function bitsOf(address: string): string | undefined {
  const number = parseIPv4(address);
  if (number !== undefined) return number.toString(2).padStart(32, '0');
  return parseIPv6(address)
    ?.map((group) => group.toString(2).padStart(16, '0'))
    .join('');
}

/** @param range a port, or a range such as 8000:8080 */
function coversPort(range: string, port: string): boolean {
  const [first = '', last = first] = range.split(':');
  return (
    range === '' || range === port || (port !== '' && Number(first) <= Number(port) && Number(port) <= Number(last))
  );
}

/** Only known where the rules were read. */
export function hasSynproxy(readings: Readings): boolean {
  return readings.all(firewallSynproxyRuleInfo).length > 0;
}
