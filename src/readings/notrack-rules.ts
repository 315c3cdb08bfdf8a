import { firewallNotrackRuleInfo } from '../collectors/firewall-metrics.ts';
import type { Readings } from './readings.ts';

/** A destination that a NOTRACK rule may name: empty for any protocol or port. */
interface Target {
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
}

/** Whether a rule of the firewall exempts a destination from tracking. Only known where the rules were read. */
export function isNotTracked(readings: Readings, { protocol, address, port }: Target): boolean {
  return readings
    .all(firewallNotrackRuleInfo, { address })
    .some(({ labels }) => ['', protocol].includes(labels.protocol ?? '') && ['', port].includes(labels.port ?? ''));
}
