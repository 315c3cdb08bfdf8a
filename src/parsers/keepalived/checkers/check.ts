import { ParseError } from '../../parse-error.ts';
import { type Block, findField, readBlocks } from '../dump.ts';
import { createLayout } from '../layout.ts';
import { type Attempt, createSkipped, type Skipped } from '../skipped.ts';
import type { CheckedVirtualServer } from './checked-server.ts';
import { checkerKeys, groupCheckers } from './checker.ts';
import { groupKeys, readVirtualServerGroup } from './group.ts';
import {
  readVirtualServer,
  realServerKeys,
  type Surroundings,
  serviceNames,
  virtualServerKeys,
} from './virtual-server.ts';

/** Content of keepalived_check.data. */
export interface KeepalivedCheck {
  /** Whether keepalived manages the IPVS table of its own network namespace, not that of `net_namespace_ipvs`. */
  readonly ownNamespace: boolean;
  readonly virtualServers: readonly CheckedVirtualServer[];
  readonly skipped: Skipped;
}

/**
 * The lines of keepalived_check.data that are read. All others hold commands, paths, names and passwords, and are removed
 * before anything else sees the text.
 */
export const checkLayout = createLayout({
  'Global definitions': { keys: ['Network namespace ipvs'] },
  'Virtual server group': { keys: groupKeys, begin: ['Virtual Server Group'] },
  'Virtual server': { keys: virtualServerKeys, begin: serviceNames },
  'Real server': { keys: realServerKeys, begin: ['RIP'] },
  Checker: { keys: checkerKeys, once: ['Keepalive method'] },
});

/**
 * Parses keepalived_check.data, as `dump_check_data()` in keepalived/check/check_data.c and `dump_checkers()` in
 * keepalived/check/check_api.c write it. keepalived has it from 2.0.14 on.
 *
 * A malformed field costs that field. A server without an address is left out.
 *
 * @throws ParseError where the text has no heading: it is no dump.
 */
export function parseKeepalivedCheck(text: string): KeepalivedCheck {
  const { attempt, skip, summary } = createSkipped();
  const blocks = readBlocks(text, checkLayout);
  const titled = (title: string) => blocks.filter((block) => block.title === title);
  const groups = titled('Virtual server group').flatMap(
    (block) => attempt(() => readVirtualServerGroup(block, attempt)) ?? [],
  );
  const checkers = groupCheckers(titled('Checker'));
  const surroundings = { groups: new Map(groups.map((group) => [group.name, group])), checkers, attempt };
  const virtualServers = readVirtualServers(blocks, surroundings);
  for (const [unclaimed] of checkers.values()) {
    skip(new ParseError(unclaimed?.line ?? 0, 'expected the checker of a real server that is listed above'));
  }
  return { ownNamespace: isInOwnNamespace(titled('Global definitions')), virtualServers, skipped: summary() };
}

/** `(main namespace)` unless another one is configured. */
function isInOwnNamespace([definitions]: readonly Block[]): boolean {
  const field = definitions && findField(definitions, 'Network namespace ipvs');
  return field === undefined || field.value === '(main namespace)';
}

function readVirtualServers(blocks: readonly Block[], surroundings: Surroundings): CheckedVirtualServer[] {
  const { attempt } = surroundings;
  return splitByVirtualServer(blocks, attempt).flatMap(
    ({ server, realServers }) => attempt(() => readVirtualServer(server, realServers, surroundings)) ?? [],
  );
}

/** Each virtual server with the real servers that follow it. */
function splitByVirtualServer(blocks: readonly Block[], attempt: Attempt): { server: Block; realServers: Block[] }[] {
  const found: { server: Block; realServers: Block[] }[] = [];
  for (const block of blocks) {
    if (block.title === 'Virtual server') found.push({ server: block, realServers: [] });
    if (block.title === 'Real server') attempt(() => requireServer(found, block).realServers.push(block));
  }
  return found;
}

function requireServer<T>(found: readonly T[], { line }: Block): T {
  const last = found.at(-1);
  if (!last) throw new ParseError(line, 'expected a virtual server before the first real server');
  return last;
}
