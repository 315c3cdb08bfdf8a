import { commandInNamespace, quoteShell } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';
import { showChain } from './look-at-limit.ts';

/** Whether these packets should pass, only the owner of the rule can decide. */
export const lookAtRefusal: RemedyKind = {
  docs: 'refused-packets',
  effect: 'look',
  preconditions: [],
  plan: (readings, { id, details }) => {
    if (id !== 'packets-refused') return undefined;
    const { tool, chains, path } = details;
    const [chain = ''] = chains;
    const filter = beginnings(tool, chain);
    const direction = path === 'output' ? '-Q out ' : '-Q in ';
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: 'Show the chain with its counters, and the connections that begin now. Accept those that users need',
      commands: [
        commandInNamespace(readings.netns, showChain(tool, chain)),
        commandInNamespace(readings.netns, `timeout 10 tcpdump -n ${direction}-i any -c 40 ${quoteShell(filter)}`),
      ],
      verify: ['lvs-exporter diagnose'],
    };
  },
};

/** Packets with which connections begin. libpcap does not look into TCP over IPv6 by name: next header, and flags after it. */
function beginnings(tool: string, chain: string): string {
  const [ipv4, ipv6] = ['ip and (tcp[tcpflags] == tcp-syn or udp)', 'ip6 and (udp or (ip6[6] == 6 and ip6[53] == 2))'];
  if (tool === 'ip6tables' || (tool === 'nft' && chain.startsWith('ip6 '))) return ipv6;
  return tool === 'nft' && !chain.startsWith('ip ') ? `(${ipv4}) or (${ipv6})` : ipv4;
}
