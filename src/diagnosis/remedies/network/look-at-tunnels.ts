import { describeProtocol } from '../../../identity/protocol.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { targetOf } from '../../commands/target.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

/** IP protocol 47: GRE has a name in connection tracking. */
const greNumber = '47';

/** Which clients want the same server. NAT cannot distinguish them: each needs ports, or an address of its own. */
export const lookAtTunnels: RemedyKind = {
  docs: 'tunnels-behind-nat',
  effect: 'look',
  preconditions: [],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (found.id !== 'conntrack-insert-failing' || !found.details.hasNoPorts || target === undefined) return undefined;
    const { protocol, address } = target;
    const number = protocol === 'gre' ? greNumber : protocol;
    const filter = `${address.includes(':') ? 'ip6' : 'ip'} proto ${number} and dst host ${address}`;
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: `Show which clients send ${describeProtocol(protocol)} to ${address}. ${adviceFor(protocol)}, or translate each client to an address of its own: SNAT with -s CLIENT (nftables: ip saddr CLIENT snat to)`,
      commands: [commandInNamespace(readings.netns, `timeout 10 tcpdump -n -i any -c 40 '${filter}'`)],
      verify: [commandInNamespace(readings.netns, 'conntrack -S')],
    };
  },
};

function adviceFor(protocol: string): string {
  if (protocol === 'gre') return 'Use the helper of PPTP: modprobe nf_nat_pptp, and a CT rule that names it';
  return protocol === '50' || protocol === '51'
    ? 'Let IPsec use NAT traversal (UDP port 4500)'
    : 'Use a tunnel with ports, such as WireGuard';
}
