import { type Block, requireField, unexpectedField } from '../dump.ts';
import type { Attempt } from '../skipped.ts';
import type { Checker } from './checked-server.ts';
import { readFlag } from './values.ts';

/** By what they are of: `[10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:80`. Those that were read are taken out. */
export type CheckerBlocks = Map<string, Block[]>;

export const checkerKeys = ['Enabled', 'Up', 'Is up', 'Has run', 'Keepalive method'] as const;

export function groupCheckers(blocks: readonly Block[]): CheckerBlocks {
  const groups: CheckerBlocks = new Map();
  for (const block of blocks) {
    const group = groups.get(block.value);
    if (group) group.push(block);
    else groups.set(block.value, [block]);
  }
  return groups;
}

export function takeCheckers(name: string, checkers: CheckerBlocks): readonly Block[] {
  const own = checkers.get(name) ?? [];
  checkers.delete(name);
  return own;
}

/** `HTTP_GET, http protocol 1.0`, `TCP_CHECK` */
export function readChecker(block: Block, attempt: Attempt): Checker {
  const method = requireField(block, 'Keepalive method');
  const [, kind] = /^([A-Z]+_[A-Z]+)(?:, .*)?$/.exec(method.value) ?? [];
  if (kind === undefined) throw unexpectedField(method, 'the kind of a checker');
  // From 2.0.14 to 2.0.20 keepalived writes nothing of what BFD found.
  const isSilent = kind === 'BFD_CHECK' && block.fields.length === 1;
  const flag = (...names: readonly [string, ...string[]]) =>
    isSilent ? undefined : attempt(() => readFlag(requireField(block, ...names)));
  return {
    kind: kind.toLowerCase(),
    up: flag('Up', 'Is up'),
    hasRun: flag('Has run'),
    enabled: flag('Enabled'),
  };
}
