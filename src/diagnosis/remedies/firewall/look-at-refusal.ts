import { familiesOfChain } from '../../../identity/firewall-chain.ts';
import { showChain } from '../../commands/chain.ts';
import { commandInNamespace, quoteShell } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

/** Whether these packets should pass, only the owner of the rule can decide. */
export const lookAtRefusal: RemedyKind = {
  docs: 'refused-packets',
  effect: 'look',
  preconditions: [],
  plan: (readings, { id, details }) => {
    if (id !== 'packets-refused') return undefined;
    const { tool, chains, path } = details;
    const [chain = ''] = chains;
    const filters = familiesOfChain({ tool, chain }).map((family) => beginnings[family]);
    const filter = filters.length === 1 ? filters.join() : filters.map((one) => `(${one})`).join(' or ');
    const direction = path === 'output' ? '-Q out ' : '-Q in ';
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: 'Show the chain with its counters, and the connections that begin now. Accept those that users need',
      commands: [
        commandInNamespace(readings.netns, showChain({ tool, chain })),
        commandInNamespace(readings.netns, `timeout 10 tcpdump -n ${direction}-i any -c 40 ${quoteShell(filter)}`),
      ],
      verify: ['lvs-exporter diagnose'],
    };
  },
};

/** Packets with which connections begin. libpcap does not look into TCP over IPv6 by name: next header, and flags after it. */
const beginnings = {
  ipv4: 'ip and (tcp[tcpflags] == tcp-syn or udp)',
  ipv6: 'ip6 and (udp or (ip6[6] == 6 and ip6[53] == 2))',
};
