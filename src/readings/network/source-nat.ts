import { firewallSourceNatPacketsTotal, firewallSourceNatRuleInfo } from '../../collectors/firewall/metrics.ts';
import type { SourceNatRule } from '../../parsers/firewall/source-nat.ts';
import type { Readings } from '../readings.ts';

/** The rules that translate sources, the one that most connections pass first. Only known where the rules were read. */
export function listSourceNatRules(readings: Readings): SourceNatRule[] {
  return readings
    .all(firewallSourceNatRuleInfo)
    .map(({ labels }): SourceNatRule => {
      const { tool = '', chain = '', position = '', rule = '', ports = '', addresses = '', random } = labels;
      return {
        tool: tool as SourceNatRule['tool'],
        chain,
        position: Number(position),
        rule,
        ports,
        addresses,
        isRandom: random === 'yes',
        packets: readings.value(firewallSourceNatPacketsTotal, { tool, chain, position }),
      };
    })
    .sort((one, other) => (other.packets ?? 0) - (one.packets ?? 0));
}

/** From this part of its ports on, a rule runs out of them. */
const exhausted = 0.8;

/** @param translatedEntries of the destination that has most */
export function isUsedUp(rule: SourceNatRule, translatedEntries: number): boolean {
  return translatedEntries >= exhausted * portsOf(rule);
}

/** All that a port can be: well-known ones are left to services. */
const allPorts = 64_512;

/** Source ports that a rule has for one destination. A range of addresses counts as one: NAT keeps a client on one. */
export function portsOf({ ports }: SourceNatRule): number {
  if (ports === '') return allPorts;
  const [first = 0, last = first] = ports.split('-').map(Number);
  return last - first + 1;
}
