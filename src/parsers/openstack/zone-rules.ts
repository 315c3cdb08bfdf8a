import { splitLines } from '../lines.ts';

/** A rule of the raw table that has packets from a device tracked in a zone of their own. */
export interface ZoneRule {
  /** Where the packets come in: `tap1a2b3c4d-5e`. */
  readonly device: string;
  readonly zone: number;
}

/**
 * Finds, in the raw tables of `iptables-save`, the rules by which Neutron's iptables driver chooses zones
 * (`_get_jump_rules()` in neutron/agent/linux/iptables_firewall.py): `-A neutron-openvswi-PREROUTING -m physdev
 * --physdev-in tap1a2b3c4d-5e -m comment --comment "Set zone for 1a2b3c4d-5e" -j CT --zone 4097`. Others may have rules
 * of any kind there, so that no line is refused.
 */
export function parseZoneRules(text: string): ZoneRule[] {
  return (text === '' ? [] : splitLines(text)).flatMap((line) => {
    if (!line.startsWith('-A ')) return [];
    const rule = line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
    const [, zone] = / --zone(?:-orig)? (\d{1,5})(?= |$)/.exec(rule) ?? [];
    const [, device] = / (?:--physdev-in|-i) (\S+)/.exec(rule) ?? [];
    const isOther = !rule.includes(' -j CT ') || rule.includes(' ! ');
    return zone === undefined || device === undefined || isOther ? [] : [{ device, zone: Number(zone) }];
  });
}
