import { firewallConnectionLimit, firewallConnectionLimitPacketsTotal } from '../../../collectors/firewall/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { listDestinations } from '../../../readings/destinations.ts';
import { covers } from '../../../readings/firewall-rules.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

/** More than a limit by this factor, and it does not hold: entries of before the rule stay until they expire. */
const exceeded = 1.2;

/** Rules that refuse connections above a number: whether they refuse any now. Only known where the rules were read. */
export function connectionLimits(readings: Readings): Found<'connection-limit'>[] {
  return readings.all(firewallConnectionLimit).map((limit) => describe(readings, limit));
}

function describe(readings: Readings, { labels, value: limitConnections }: Sample): Found<'connection-limit'> {
  const { tool = '', chain = '', position = '', protocol = '', address = '', port = '' } = labels;
  const place = { tool, chain, position };
  const refusedPackets = readings.rise(firewallConnectionLimitPacketsTotal, place);
  const presentEntries = address === '' ? undefined : entriesOf(readings, { protocol, address, port });
  const isOver = (presentEntries ?? 0) > exceeded * limitConnections;
  const effect = (refusedPackets ?? 0) > 0 ? 'refuses' : isOver ? 'exceeded' : 'idle';
  return {
    id: 'connection-limit',
    severity: effect === 'idle' ? 'info' : 'warning',
    subject: {
      ...namespaceOf(readings),
      ...(address !== '' && { destination: { protocol, address, port, zone: '' } }),
    },
    numbers: {
      limitConnections,
      ...known({
        refusedPackets,
        refusedPerSecond: readings.perSecond(firewallConnectionLimitPacketsTotal, place),
        presentEntries,
      }),
    },
    details: { chains: [chain], tool, effect },
  };
}

function entriesOf(readings: Readings, target: Parameters<typeof covers>[0]): number {
  return sum(
    listDestinations(readings)
      .filter((destination) => covers(target, destination))
      .map(({ entries }) => entries),
  );
}
