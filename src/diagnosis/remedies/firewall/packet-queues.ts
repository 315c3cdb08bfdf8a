import { replaceRule, showChain } from '../../commands/chain.ts';
import { ofThisNamespace, ruleFile } from '../../commands/rule-files.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

/** The kernel has no other way to take a rule along: with the option, it is another one. */
export const bypassQueue: RemedyKind = {
  docs: 'queues-of-packets',
  effect: 'cure',
  preconditions: [],
  plan: (readings, { id, details }) => {
    if (id !== 'packet-queue-drops' || details.hasProgram || details.tool === 'nft') return undefined;
    const { tool, position, rule } = details;
    const [chain = ''] = details.chains;
    const changed = `${rule} --queue-bypass`;
    return {
      owner: ownerOf(readings),
      title: 'Let packets pass while no program takes them. If you know the program, start it instead',
      ...replaceRule({ tool, chain, position, netns: readings.netns }, rule, changed),
      tradeOff: 'Until the program runs, nothing examines these packets.',
      persistent: ofThisNamespace(readings, {
        none: `Add --queue-bypass where the rule is kept: in the configuration of the program, or in ${ruleFile(readings, tool)}.`,
      }),
      verify: [commandInNamespace(readings.netns, showChain({ tool, chain })), 'lvs-exporter diagnose'],
    };
  },
};

export const lookAtQueue: RemedyKind = {
  docs: 'queues-of-packets',
  effect: 'look',
  preconditions: [],
  plan: (readings, { id, details }) => {
    if (id !== 'packet-queue-drops') return undefined;
    const [chain = ''] = details.chains;
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: details.hasProgram
        ? 'Show the queues: the second column is the program, the sixth and seventh what it lost'
        : 'Show the queues that have a program, and the rule. Start the program, or add bypass to the rule (nftables: queue flags bypass)',
      commands: [
        commandInNamespace(readings.netns, 'cat /proc/net/netfilter/nfnetlink_queue'),
        commandInNamespace(readings.netns, showChain({ tool: details.tool, chain })),
      ],
      verify: ['lvs-exporter diagnose'],
    };
  },
};
