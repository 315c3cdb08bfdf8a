import { firewallConnectionLimitPacketsTotal, firewallRateLimitInfo } from '../../../collectors/firewall/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

/** Per second. Scanners meet such a rule now and then. */
const notable = 1;

/** Rules that refuse new connections above a rate, and do so now. Only known where the rules were read. */
export function rateLimits(readings: Readings): Found<'rate-limit'>[] {
  return readings.all(firewallRateLimitInfo).flatMap(({ labels }): Found<'rate-limit'>[] => {
    const { tool = '', chain = '', position = '', rate = '', protocol = '', address = '', port = '' } = labels;
    const place = { tool, chain, position };
    const refusedPackets = readings.rise(firewallConnectionLimitPacketsTotal, place) ?? 0;
    const refusedPerSecond = readings.perSecond(firewallConnectionLimitPacketsTotal, place) ?? 0;
    if (refusedPerSecond < notable) return [];
    const destination = address !== '' && { destination: { protocol, address, port, zone: '' } };
    return [
      {
        id: 'rate-limit',
        severity: 'warning',
        subject: { ...namespaceOf(readings), ...destination },
        numbers: { refusedPackets, refusedPerSecond },
        details: { chains: [chain], tool, rate },
      },
    ];
  });
}
