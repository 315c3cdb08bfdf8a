import { ParseError } from '../parse-error.ts';
import { readCheckBlocks } from './check-blocks.ts';
import { type CheckBlock, findCheckField } from './check-field.ts';
import type { CheckedVirtualServer } from './checked-server.ts';
import { type CheckerBlocks, readVirtualServer } from './checked-server-block.ts';
import { readVirtualServerGroup } from './virtual-server-group.ts';

/** What keepalived_check.data tells. */
export interface KeepalivedCheck {
  /** Whether keepalived manages the IPVS table of its own network namespace, not that of `net_namespace_ipvs`. */
  readonly ownNamespace: boolean;
  readonly virtualServers: readonly CheckedVirtualServer[];
}

/**
 * Parses keepalived_check.data, as `dump_check_data()` in keepalived/check/check_data.c and `dump_checkers()` in
 * keepalived/check/check_api.c write it. keepalived has it from 2.0.14 on. Tried on dumps of 2.0.20, 2.1.5, 2.2.7, 2.3.4,
 * 2.4.3.
 */
export function parseKeepalivedCheck(text: string): KeepalivedCheck {
  const blocks = readCheckBlocks(text);
  const groups = blocks.filter(({ title }) => title === 'Virtual server group').map(readVirtualServerGroup);
  const byName = new Map(groups.map((group) => [group.name, group]));
  const checkers = groupCheckers(blocks);
  const servers = splitByVirtualServer(blocks);
  const virtualServers = servers.map(({ server, realServers }) =>
    readVirtualServer(server, realServers, byName, checkers),
  );
  const [[unclaimed] = []] = checkers.values();
  if (unclaimed) throw new ParseError(unclaimed.line, 'expected the checker of a real server that is listed above');
  return { ownNamespace: isInOwnNamespace(blocks[0]), virtualServers };
}

/** `(main namespace)` unless another one is configured. */
function isInOwnNamespace(definitions: CheckBlock | undefined): boolean {
  const field = definitions && findCheckField(definitions, 'Network namespace ipvs');
  return field === undefined || field.value === '(main namespace)';
}

/** By what they are of: `[10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:80`. */
function groupCheckers(blocks: readonly CheckBlock[]): CheckerBlocks {
  const groups: CheckerBlocks = new Map();
  for (const block of blocks.filter(({ title }) => title === 'Checker')) {
    groups.set(block.value, [...(groups.get(block.value) ?? []), block]);
  }
  return groups;
}

/** Each virtual server with the real servers that follow it. */
function splitByVirtualServer(blocks: readonly CheckBlock[]): { server: CheckBlock; realServers: CheckBlock[] }[] {
  const found: { server: CheckBlock; realServers: CheckBlock[] }[] = [];
  for (const block of blocks) {
    if (block.title === 'Virtual server') found.push({ server: block, realServers: [] });
    if (block.title !== 'Real server') continue;
    const last = found.at(-1);
    if (!last) throw new ParseError(block.line, 'expected a virtual server before the first real server');
    last.realServers.push(block);
  }
  return found;
}
