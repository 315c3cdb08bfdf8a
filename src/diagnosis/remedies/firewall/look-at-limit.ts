import { showChain } from '../../commands/chain.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { mapSome, onlyLooks, type RemedyKind, type Some } from '../../remedy.ts';

/** Only the owner can decide whether to serve these clients. */
export const lookAtLimit: RemedyKind = {
  docs: 'a-limit-for-a-destination',
  effect: 'look',
  preconditions: [],
  plan: (readings, { id, details }) => {
    if (id !== 'connection-limit' && id !== 'rate-limit') return undefined;
    const [first, ...rest] = details.chains;
    if (first === undefined) return undefined;
    const chains: Some<string> = [first, ...rest];
    const show = (chain: string) => commandInNamespace(readings.netns, showChain({ tool: details.tool, chain }));
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: 'Show the limit and how many packets it refused. Raise it if it refuses clients that you want to serve',
      commands: mapSome(chains, show),
      verify: ['lvs-exporter diagnose'],
    };
  },
};
