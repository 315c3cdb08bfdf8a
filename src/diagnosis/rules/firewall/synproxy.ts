import { conntrackSetting } from '../../../collectors/conntrack-metrics.ts';
import { firewallSynproxyRuleInfo } from '../../../collectors/firewall/metrics.ts';
import { hasSynproxy } from '../../../readings/firewall-rules.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

/**
 * SYNPROXY answers a SYN itself and begins the connection when the client's ACK comes, which must be INVALID until then.
 * With tcp_loose, that ACK counts as an open connection and goes on to the service, which resets it.
 */
export function synproxyPicksUp(readings: Readings): Found<'synproxy-picks-up'>[] {
  if (!synproxyBreaks(readings)) return [];
  const chains = readings.all(firewallSynproxyRuleInfo).map(({ labels: { chain = '' } }) => chain);
  return [
    {
      id: 'synproxy-picks-up',
      severity: 'critical',
      subject: namespaceOf(readings),
      numbers: {},
      details: { chains: [...new Set(chains)] },
    },
  ];
}

/** Whether no handshake through SYNPROXY ends. */
export function synproxyBreaks(readings: Readings): boolean {
  return hasSynproxy(readings) && (readings.value(conntrackSetting, { name: 'tcp_loose' }) ?? 0) !== 0;
}
