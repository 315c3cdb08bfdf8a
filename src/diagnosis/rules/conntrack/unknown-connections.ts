import {
  conntrackInvalidTotal,
  conntrackSetting,
  conntrackTimeoutSeconds,
} from '../../../collectors/conntrack-metrics.ts';
import { arrivalRate } from '../../../collectors/conntrack-table/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { listDestinations } from '../../../readings/destinations.ts';
import type { Readings } from '../../../readings/readings.ts';
import { timeoutSetting } from '../../commands/sysctl.ts';
import type { LongTimer } from '../../facts.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';
import { chainsThatDropInvalid, isSufferer } from '../firewall/firewall-rules.ts';
import { synproxyBreaks } from '../firewall/synproxy.ts';
import { defaultTimeouts } from './long-timeouts.ts';

/** Late packets of connections that have ended are INVALID too: fewer than these for each new connection. */
const perNewConnection = { withPickUp: 2, without: 1 };

/**
 * The firewall drops packets of connections that this host does not have, and no destination explains them: those that
 * were open before a failover or a flush, or those of which only the replies pass.
 */
export function unknownConnections(readings: Readings): Found<'unknown-connections-dropped'>[] {
  const invalidPackets = readings.rise(conntrackInvalidTotal) ?? 0;
  const invalidPerSecond = readings.perSecond(conntrackInvalidTotal) ?? 0;
  const arrivalsPerSecond = sum(readings.all(arrivalRate).map(({ value }) => value));
  const picksUp = readings.value(conntrackSetting, { name: 'tcp_loose' }) !== 0;
  const usual = arrivalsPerSecond * (picksUp ? perNewConnection.withPickUp : perNewConnection.without);
  if (invalidPerSecond < Math.max(thresholds.conntrackInvalid.warning, usual)) return [];
  const chains = chainsThatDropInvalid(readings, invalidPackets);
  if (chains.length === 0 || synproxyBreaks(readings)) return [];
  const isExplained = listDestinations(readings).some((one) => isSufferer(one, invalidPackets));
  if (isExplained) return [];
  return [
    {
      id: 'unknown-connections-dropped',
      severity: picksUp ? 'warning' : 'critical',
      subject: namespaceOf(readings),
      numbers: { invalidPackets, invalidPerSecond, arrivalsPerSecond },
      details: { chains, picksUp, timers: shortTimers(readings) },
    },
  ];
}

/** RFC 5382: programs send keepalives after two hours, so no shorter timer lets an idle connection live. */
const keepaliveSeconds = 7440;

/** A timer that forgets open connections before their next packet. */
function shortTimers(readings: Readings): LongTimer[] {
  const presentSeconds = readings.value(conntrackTimeoutSeconds, { protocol: 'tcp', state: 'established' });
  const [, , defaultSeconds = keepaliveSeconds] =
    defaultTimeouts.find(([protocol, state]) => protocol === 'tcp' && state === 'established') ?? [];
  return presentSeconds !== undefined && presentSeconds < keepaliveSeconds
    ? [{ setting: timeoutSetting('tcp', 'established'), presentSeconds, defaultSeconds }]
    : [];
}
