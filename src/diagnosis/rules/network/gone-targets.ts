import { targetEntries } from '../../../collectors/conntrack-table/metrics.ts';
import { firewallNatTargetInfo } from '../../../collectors/firewall/metrics.ts';
import { prerequisitesOwnAddressInfo } from '../../../collectors/prerequisites/metrics.ts';
import { groupBy } from '../../../identity/group-by.ts';
import { hasDnatRule } from '../../../readings/firewall-rules.ts';
import { hasAddress } from '../../../readings/network/translated-addresses.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';
import { areRulesRead, mayHaveOthersEntries } from './gone-addresses.ts';

/** Flows that a destination must have: of a change some seconds ago, a few are left. */
const minLeft = 5;
const maxNamed = 5;

/**
 * Datagrams that still go where no rule sends them. A helper, as that of SIP, translates without a rule: only
 * destinations count that a rule translates, now to other addresses.
 */
export function goneTargets(readings: Readings): Found<'nat-target-gone'>[] {
  const known = readings.all(firewallNatTargetInfo).map(({ labels: { addresses = '' } }) => addresses);
  if (!areRulesRead(readings) || mayHaveOthersEntries(readings) || known.includes('?')) return [];
  const isGone = ({ labels: { target = '' } }: Sample) =>
    !readings.is(prerequisitesOwnAddressInfo, { address: target }) && !known.some((one) => hasAddress(one, target));
  const byDestination = groupBy(readings.all(targetEntries).filter(isGone), keyOf);
  return [...byDestination.values()]
    .flatMap((samples) => describe(readings, samples))
    .sort((one, other) => other.numbers.presentEntries - one.numbers.presentEntries);
}

function keyOf({ labels: { address = '', port = '' } }: Sample): string {
  return `${address} ${port}`;
}

function describe(readings: Readings, samples: readonly Sample[]): Found<'nat-target-gone'>[] {
  const { address = '', port = '' } = samples[0]?.labels ?? {};
  const destination = { protocol: 'udp', address, port, zone: '0' };
  const sum = (some: readonly Sample[]) => some.reduce((total, { value }) => total + value, 0);
  const presentEntries = sum(samples);
  if (presentEntries < minLeft || !hasDnatRule(readings, destination, 'specific')) return [];
  const byTarget = [...groupBy(samples, ({ labels }) => labels.target ?? '')].sort(
    ([, one], [, other]) => sum(other) - sum(one),
  );
  return [
    {
      id: 'nat-target-gone',
      severity: 'warning',
      subject: { ...namespaceOf(readings), destination },
      numbers: {
        presentEntries,
        unrepliedEntries: sum(samples.filter(({ labels }) => labels.replied === 'no')),
        goneDestinations: byTarget.length,
      },
      details: { targets: byTarget.slice(0, maxNamed).map(([target]) => target) },
    },
  ];
}
