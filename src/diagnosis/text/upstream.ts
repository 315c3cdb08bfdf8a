import { nameService } from '../../identity/virtual-server.ts';
import { count, percent, several } from '../../readings/format.ts';
import type { Wording } from './words.ts';

type UpstreamFinding =
  | 'ipvs-upstream-conntrack-pressure'
  | 'ipvs-upstream-allowance-exceeded'
  | 'ipvs-upstream-allowance-low';

/** The stateful hop upstream of a director. */
export const upstreamWording: Wording<UpstreamFinding> = {
  'ipvs-upstream-conntrack-pressure': ({ numbers, details: { isLimitAssumed, services } }) => {
    const { neededEntries, limitEntries } = numbers;
    const need = neededEntries === undefined ? '' : `: ${count(neededEntries)} entries at the present rates`;
    const share = neededEntries === undefined ? 'Room for' : `${percent(neededEntries / limitEntries)} of`;
    const source = isLimitAssumed ? 'the usual limit; set --upstream.conntrack-limit to the real one' : 'its limit';
    return {
      title: `The host of this load balancer tracks one direction of each connection${need}`,
      notice: 'Users notice when the table of that host is full.',
      evidence: [
        ...(numbers.arrivalsPerSecond === undefined ? ['The rate of new connections is not known'] : []),
        ...services.map(
          (one) =>
            `${nameService(one.service)}: ${count(one.arrivalsPerSecond)} new connections per second, ${count(one.neededEntries)} entries`,
        ),
        ...(numbers.otherServices === undefined
          ? []
          : [`${several(numbers.otherServices, 'more service')} that need fewer`]),
        `${share} ${count(limitEntries)} entries, ${source}`,
      ],
      consequence:
        'The replies bypass the host (direct server return), so each connection leaves an entry there for 2 to 3 minutes, however short it is. When the table is full, the host loses connections of all its tenants.',
    };
  },
  'ipvs-upstream-allowance-exceeded': ({ numbers: { droppedPackets, droppedPerSecond } }) => ({
    title: 'EC2 drops packets of this instance: it has reached its allowance of tracked connections',
    notice: 'Users notice now: new connections fail.',
    evidence: [
      `conntrack_allowance_exceeded: ${count(droppedPackets)} packets since the previous reading${droppedPerSecond === undefined ? '' : `, ${count(droppedPerSecond)} per second`}`,
    ],
    consequence:
      'The security groups of the instance cannot track more connections. Its own kernel counts none of these drops.',
  }),
  'ipvs-upstream-allowance-low': ({ numbers: { availableEntries } }) => ({
    title: `EC2 can track only ${count(availableEntries)} more connections of this instance`,
    notice: 'Users notice at 0: new connections fail.',
    evidence: [`conntrack_allowance_available = ${availableEntries}`],
    consequence: 'At 0, EC2 drops the packets of new connections to every service of the instance.',
  }),
};
