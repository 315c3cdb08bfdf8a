import {
  destinationArrivalRate,
  destinationEntries,
  destinationInfo,
  destinationUnreplied,
  destinationVerdict,
} from '../collectors/conntrack-table/metrics.ts';
import type { Verdict } from '../flows/classification/verdict-kinds.ts';
import { endpoint } from '../identity/address.ts';
import { findSilentNeighbour } from './network/silent-neighbours.ts';
import { type PortOwner, readOwner } from './port-owner.ts';
import type { Readings } from './readings.ts';

/** Where tracked flows go to, and what they are. */
export interface Destination {
  /** `tcp`, or a number. */
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  readonly zone: string;
  readonly netns: string | undefined;
  readonly entries: number;
  readonly unreplied: number;
  readonly perSecond: number;
  /** Undefined for one that holds little of the table, and where it cannot be determined. */
  readonly verdict: Verdict | undefined;
  /** Undefined where it is not known, as on every machine but a compute node of OpenStack. */
  readonly owner: PortOwner | undefined;
}

/** The destinations that are exported one by one, that with the most unreplied entries first. */
export function listDestinations(readings: Readings): Destination[] {
  const verdicts = new Map(
    readings
      .all(destinationVerdict)
      .filter(({ value }) => value === 1)
      .map(({ labels }) => [identify(labels), labels.verdict as Verdict]),
  );
  const owners = new Map(readings.all(destinationInfo).map(({ labels }) => [identify(labels), readOwner(labels)]));
  return readings
    .all(destinationEntries)
    .filter(({ labels }) => labels.address !== 'other')
    .map(({ labels, value }): Destination => {
      const { protocol = '', address = '', port = '', zone = '' } = labels;
      const of = { protocol, address, port, zone };
      return {
        ...of,
        netns: readings.netns,
        entries: value,
        unreplied: readings.value(destinationUnreplied, of) ?? 0,
        perSecond: readings.value(destinationArrivalRate, of) ?? 0,
        verdict: verdictOf(readings, of, verdicts.get(identify(labels))),
        owner: owners.get(identify(labels)),
      };
    })
    .sort((one, other) => other.unreplied - one.unreplied);
}

/** Any number of clients get no reply from an address that does not answer ARP: they are no flood. */
function verdictOf(readings: Readings, { address, zone }: DestinationName, verdict: Verdict | undefined) {
  const isLost = verdict === 'syn_flood' && findSilentNeighbour(readings, address, zone) !== undefined;
  return isLost ? 'unanswered' : verdict;
}

function identify({ protocol, address, port, zone }: Readonly<Record<string, string>>): string {
  return `${protocol} ${address} ${port} ${zone}`;
}

type DestinationName = Pick<Destination, 'protocol' | 'address' | 'port' | 'zone'>;

/** `tcp 10.0.0.100:80`, `vrrp 224.0.0.18`, with its zone where it has one. */
export function nameDestination({ protocol, address, port, zone }: DestinationName): string {
  const place = address === '' && port !== '' ? `port ${port} of any address` : endpoint(address, port);
  const name = `${nameProtocol(protocol)} ${place}`.trim();
  return `${name}${zone === '0' || zone === '' ? '' : ` in zone ${zone}`}`;
}

/** Those of /etc/protocols that the kernel tracks on machines like these and conntrack has no name for. */
const protocols: Readonly<Record<string, string>> = { 2: 'igmp', 50: 'esp', 51: 'ah', 89: 'ospf', 112: 'vrrp' };

/** `tcp`, `vrrp`, `protocol 103`. */
export function nameProtocol(protocol: string): string {
  return protocols[protocol] ?? (/^\d+$/.test(protocol) ? `protocol ${protocol}` : protocol);
}
