import { conntrackInvalidTotal } from '../../collectors/conntrack-metrics.ts';
import { firewallInvalidDropPacketsTotal, firewallNotrackRuleInfo } from '../../collectors/firewall-metrics.ts';
import { type Destination, listDestinations, nameDestination } from '../../readings/destinations.ts';
import { count } from '../../readings/format.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Finding, Party, Remedy } from '../finding.ts';
import { deleteEntries, hasPort, isIPv6, notrackByIptables } from '../remedies/notrack.ts';
import { quote } from '../remedies/shell.ts';

/** What the firewall does to direct return. Only known where its rules were read. */
export function firewallRules(readings: Readings): Finding[] {
  return [...notTracked(readings), ...invalidDropped(readings)];
}

/** Whether a rule says that a destination is not tracked. */
export function hasNotrackRule(readings: Readings, { protocol, address, port }: Destination): boolean {
  return readings
    .all(firewallNotrackRuleInfo, { address })
    .some(({ labels }) => ['', protocol].includes(labels.protocol ?? '') && ['', port].includes(labels.port ?? ''));
}

function notTracked(readings: Readings): Finding[] {
  const by = ownerOf(readings);
  return readings.all(firewallNotrackRuleInfo).map(({ labels }) => {
    const { protocol = '', address = '', port = '' } = labels;
    const name = `${protocol} ${address}${port === '' ? '' : ` port ${port}`}`.trim();
    const left = listDestinations(readings).filter(
      (one) => one.address === address && ['', one.protocol].includes(protocol) && ['', one.port].includes(port),
    );
    const entries = left.reduce((sum, one) => sum + one.entries, 0);
    return {
      id: 'not-tracked',
      subject: name,
      urgency: 'info',
      title: `A rule of the firewall keeps ${name} out of connection tracking`,
      evidence: [entries > 0 ? `${count(entries)} entries for it are still there` : 'No entries for it are there'],
      consequence: 'That is what direct return needs. Entries from before the rule stay until they expire.',
      remedies: left.slice(0, 1).map((one) => removeOld(one, by)),
      runbook: undefined,
    };
  });
}

export function removeOld(destination: Destination, by: Party): Remedy {
  return {
    title: `Remove the entries of ${nameDestination(destination)} from before its NOTRACK rule`,
    by,
    commands: [deleteEntries(destination)],
    tradeOff:
      'None, if the rule matches all of its packets. If entries come back, it does not: it may be in the wrong place.',
    undo: [],
  };
}

/** The kernel counts a packet as INVALID each time that it crosses the machine; dropped, it crosses once. */
const mostOfInvalid = 0.5;

function invalidDropped(readings: Readings): Finding[] {
  const dropped = readings.rise(firewallInvalidDropPacketsTotal) ?? 0;
  const invalid = readings.rise(conntrackInvalidTotal) ?? 0;
  const [sufferer] = listDestinations(readings).filter(({ verdict }) => verdict === 'direct_return');
  if (sufferer === undefined || dropped === 0 || dropped < mostOfInvalid * invalid) return [];
  const name = nameDestination(sufferer);
  const by = ownerOf(readings);
  const chains = readings
    .all(firewallInvalidDropPacketsTotal)
    .filter(({ labels }) => (readings.rise(firewallInvalidDropPacketsTotal, labels) ?? 0) > 0)
    .map(({ labels }) => labels.chain);
  return [
    {
      id: 'invalid-dropped',
      subject: name,
      urgency: 'critical',
      title: `The firewall drops INVALID packets, so that connections to ${name} cannot work`,
      evidence: [
        `${count(dropped)} of ${count(invalid)} INVALID packets since the reading before were dropped, by ${chains.join(', ')}`,
        `The answers of ${name} pass this machine by, which makes all but the first packet of a client INVALID`,
      ],
      consequence: 'Clients connect, and then nothing that they send arrives.',
      remedies: [notrackByIptables(sufferer, by), acceptInvalid(sufferer, by)],
      runbook: 'ConntrackAsymmetricFlows',
    },
  ];
}

function acceptInvalid(destination: Destination, by: Party): Remedy {
  const { protocol, address, port } = destination;
  const iptables = isIPv6(destination) ? 'ip6tables' : 'iptables';
  const toPort = hasPort(destination) ? ` --dport ${port}` : '';
  const rule = `-d ${quote(address)} -p ${protocol}${toPort} -m conntrack --ctstate INVALID -j ACCEPT`;
  return {
    title: 'Let INVALID packets to this destination through',
    by,
    commands: [`${iptables} -I FORWARD 1 ${rule}`],
    tradeOff: 'The table then fills with half-seen connections.',
    undo: [`${iptables} -D FORWARD ${rule}`],
  };
}
