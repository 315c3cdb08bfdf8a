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
    title: 'The load balancer may send ICMP redirects to its real servers',
    notice: 'Some users in the network of the real servers notice now and then: their connections fail.',
    evidence: [`send_redirects is on for ${interfaces.join(', ')}`, 'It has masqueraded real servers'],
    consequence:
      'A redirected real server sends its replies straight to the client. They are not translated (NAT), come from the wrong address, and the client refuses them.',
  }),
  'answers-arp': ({ subject: { address, interface: device }, details: { settings } }) => ({
    title: `This machine answers ARP requests for ${address} (on ${device}), an address of the load balancer`,
    notice: 'Users notice now and then: they reach this machine instead of the load balancer.',
    evidence: settings.map(
      ({ name, presentSetting, neededSetting }) =>
        `${name} is ${presentSetting} on ${device}, and must be ${neededSetting}`,
    ),
    consequence:
      'Clients and routers sometimes send packets for the load balancer to this machine, so they are not balanced.',
  }),
  'reverse-path-drops': ({ numbers, details: { strictInterfaces } }) => ({
    title: 'The reverse path filter drops packets',
    notice: 'Some users may not be able to connect.',
    evidence: [
      `Packets whose source is routed through another interface: ${formatRise(numbers.filteredPackets, numbers.filteredPerSecond)}`,
      ...(strictInterfaces.length > 0 ? [`rp_filter is strict on ${strictInterfaces.join(', ')}`] : []),
    ],
    consequence:
      'Clients whose packets arrive on another interface than the route back to them cannot connect. Such packets are normal with direct server return.',
  }),
};
