import { parseAddress } from '../../../identity/address.ts';
import { type Block, findField, requireField, splitField, unexpectedField } from '../dump.ts';
import type { Attempt } from '../skipped.ts';
import type { SorryServer } from './checked-server.ts';
import { readFlag, readForward } from './values.ts';

/** Reads the sorry server of a virtual server. Its own fields are the only ones there that stand deeper. */
export function readSorryServer(
  block: Block,
  quorumUp: boolean | undefined,
  attempt: Attempt,
): SorryServer | undefined {
  const field = findField(block, 'sorry server', 'sorry server (duplicates rs)');
  if (!field) return undefined;
  const [, written = '', port] = /^\[([\da-f.:]+)\]:[a-z?]+:(\d+)$/.exec(field.value) ?? [];
  const address = parseAddress(written);
  if (address === undefined || port === undefined) throw unexpectedField(field, 'an address, a protocol and a port');
  const items = block.fields.flatMap((one) => one.items);
  const own = { fields: items.map(({ line, text }) => ({ line, ...splitField(text), items: [] })) };
  const flag = (name: 'set' | 'alive') => {
    const found = findField(own, name);
    return found && attempt(() => readFlag(found));
  };
  const inhibits = findField(own, 'Inhibit on failure')?.value === 'ON';
  // Before keepalived 2.3 neither is written: it is in use without a quorum, and one that is inhibited always stays.
  const inUse = flag('alive') ?? (quorumUp === undefined ? undefined : !quorumUp);
  return {
    address,
    port,
    forward: attempt(() =>
      readForward(
        findField(own, 'forwarding method') ??
          requireField(block, 'sorry server forwarding method', 'forwarding method'),
      ),
    ),
    added: flag('set') ?? (inhibits || inUse),
    inUse,
    duplicate: field.key !== 'sorry server',
  };
}
