import { isLoopback } from '../../../identity/address.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

export const lookAtReplies: RemedyKind = {
  docs: 'replies-of-masqueraded-real-servers',
  effect: 'look',
  preconditions: [],
  plan: (readings, found) => {
    if (found.id !== 'ipvs-replies-missing') return undefined;
    const [server] = found.details.servers;
    if (server === undefined || isLoopback(server)) return undefined;
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: `Show whether replies of ${server} arrive. If they do, this host drops them: look at its firewall and rp_filter. If not, type "ip route get" on ${server} with the address of a client: the route must lead through this host. If it leads here, the service has stopped, or a firewall on ${server} drops its packets`,
      commands: [`timeout 10 tcpdump -n -e -i any -c 40 'host ${server} and tcp'`],
      verify: ['ipvsadm -L -n --stats'],
    };
  },
};

export const lookAtVirtualAddress: RemedyKind = {
  docs: 'the-virtual-address-on-real-servers',
  effect: 'look',
  preconditions: [],
  plan: (readings, { id, subject: { service, realServer } }) => {
    if (id !== 'ipvs-attempts-repeated' || realServer === undefined) return undefined;
    const { address = '', port = '' } = service ?? {};
    const wanted = address === '' ? 'the virtual address' : `"ip address show to ${address}"`;
    const listens = port === '' ? 'ss -ltn' : `ss -ltn sport = :${port}`;
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: `Show what arrives for ${address || realServer.address}. On ${realServer.address}, type ${wanted}: it must be there, on lo or tunl0. Then "${listens}": the service must listen on it`,
      commands: [`timeout 10 tcpdump -n -e -i any -c 40 'host ${address || realServer.address} and tcp'`],
      verify: ['ipvsadm -L -n --stats'],
    };
  },
};
