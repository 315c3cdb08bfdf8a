import { formatRise } from './rates.ts';
import type { Wording } from './words.ts';

type NetworkFinding = 'does-not-forward' | 'sends-redirects' | 'answers-arp' | 'reverse-path-drops';

/** Settings of the network that load balancing depends on. */
export const networkWording: Wording<NetworkFinding> = {
  'does-not-forward': () => ({
    title: 'The load balancer does not forward packets, so it loses the replies of masqueraded real servers',
    notice: 'Users notice now: masqueraded services do not answer.',
    evidence: ['net.ipv4.ip_forward is 0', 'It has masqueraded real servers'],
    consequence: 'Clients of masqueraded services (NAT) get no reply.',
  }),
  'sends-redirects': ({ details: { interfaces } }) => ({
    title: 'The load balancer may redirect real servers to clients of their own network',
    notice: 'Users of the same network notice now and then.',
    evidence: [`send_redirects is on for ${interfaces.join(', ')}`, 'It has masqueraded real servers'],
    consequence:
      'A masqueraded reply that takes the shorter way comes from the wrong address, and the client refuses it.',
  }),
  'answers-arp': ({ subject: { address, interface: device }, details: { settings } }) => ({
    title: `This machine answers on ${device} for ${address}, an address of the load balancer`,
    notice: 'Users notice now and then: they reach this machine instead of the load balancer.',
    evidence: settings.map(
      ({ name, presentSetting, neededSetting }) =>
        `${name} is ${presentSetting} on ${device}, and must be ${neededSetting}`,
    ),
    consequence:
      'Clients and routers sometimes send here what is for the load balancer, which then does not balance it.',
  }),
  'reverse-path-drops': ({ numbers, details: { strictInterfaces } }) => ({
    title: 'The reverse path filter drops packets',
    notice: 'Some users may not be able to connect.',
    evidence: [
      `From a source that is not routed back where they arrived: ${formatRise(numbers.filteredPackets, numbers.filteredPerSecond)}`,
      ...(strictInterfaces.length > 0 ? [`rp_filter is strict on ${strictInterfaces.join(', ')}`] : []),
    ],
    consequence:
      'Clients whose packets arrive on another interface than the route back to them are not served. That is usual with direct server return.',
  }),
};
