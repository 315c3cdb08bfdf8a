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
    const filter = 'ip and (tcp[tcpflags] == tcp-syn or udp)';
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
