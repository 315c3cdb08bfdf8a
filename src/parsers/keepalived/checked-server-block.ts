import { parseDecimal } from '../numbers.ts';
import type { Forward } from '../procfs/ip-vs.ts';
import {
  type CheckBlock,
  type CheckField,
  findCheckField,
  readCount,
  readFlag,
  requireCheckField,
  unexpected,
} from './check-field.ts';
import type { CheckedRealServer, CheckedVirtualServer, Checker, SorryServer } from './checked-server.ts';
import { readServices } from './checked-service-block.ts';
import type { VirtualServerGroup } from './virtual-server-group.ts';

/** By what they are of: `[10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:80`. Those that were read are taken out. */
export type CheckerBlocks = Map<string, readonly CheckBlock[]>;

/** Reads ` ------< Virtual server >------` and its real servers, as `dump_vs()` and `dump_rs()` write them. */
export function readVirtualServer(
  block: CheckBlock,
  realServers: readonly CheckBlock[],
  groups: ReadonlyMap<string, VirtualServerGroup>,
  checkers: CheckerBlocks,
): CheckedVirtualServer {
  const protocol = readProtocol(requireCheckField(block, 'protocol'));
  const { services, name } = readServices(block, protocol, groups);
  const { quorum, hysteresis } = readQuorum(requireCheckField(block, 'quorum'));
  const quorumUp = readFlag(requireCheckField(block, 'quorum_state_up'));
  const added = readFlag(requireCheckField(block, 'VS alive', 'alive'));
  requireCheckField(block, 'reloaded');
  return {
    services,
    added,
    quorum,
    hysteresis,
    quorumUp,
    sorryServer: readSorryServer(block, quorumUp),
    realServers: realServers.map((real) => readRealServer(real, `${name} -> `, protocol, checkers)),
  };
}

/** A firewall mark has packets of any protocol: keepalived says `none`. */
function readProtocol(field: CheckField): string {
  if (!/^(TCP|UDP|SCTP|none)$/.test(field.value)) throw unexpected(field, 'a protocol');
  return field.value === 'none' ? '' : field.value.toLowerCase();
}

/** `4, hysteresis = 1` */
function readQuorum({ value, line }: CheckField): { quorum: number; hysteresis: number } {
  const [quorum, hysteresis] = value.split(', hysteresis = ');
  return {
    quorum: parseDecimal(quorum, '"quorum"', line),
    hysteresis: parseDecimal(hysteresis, '"hysteresis"', line),
  };
}

/** Its own fields are the only ones of a virtual server that stand deeper. */
function readSorryServer(block: CheckBlock, quorumUp: boolean): SorryServer | undefined {
  const field = findCheckField(block, 'sorry server', 'sorry server (duplicates rs)');
  if (!field) return undefined;
  const [, address, port] = /^\[([\da-f.:]+)\]:[a-z?]+:(\d+)$/.exec(field.value) ?? [];
  if (address === undefined || port === undefined) throw unexpected(field, 'an address, a protocol and a port');
  const own = { ...block, fields: block.fields.flatMap(({ items }) => items).map((item) => ({ ...item, items: [] })) };
  const flag = (name: 'set' | 'alive') => {
    const found = findCheckField(own, name);
    return found && readFlag(found);
  };
  const inhibits = findCheckField(own, 'Inhibit on failure')?.value === 'ON';
  // Before keepalived 2.3 neither is told: it is in use without a quorum, and one that is inhibited always stays.
  const inUse = flag('alive') ?? !quorumUp;
  return {
    address,
    port,
    forward: readForward(
      findCheckField(own, 'forwarding method') ??
        requireCheckField(block, 'sorry server forwarding method', 'forwarding method'),
    ),
    added: flag('set') ?? (inUse || inhibits),
    inUse,
    duplicate: field.key !== 'sorry server',
  };
}

function readRealServer(
  block: CheckBlock,
  prefix: string,
  protocol: string,
  checkers: CheckerBlocks,
): CheckedRealServer {
  const field = requireCheckField(block, 'RIP');
  const [, address, port, weight] =
    /^([\da-f.:]+), RPORT = (\d+), WEIGHT = (-?\d+)(?: EFF WEIGHT = -?\d+)?$/.exec(field.value) ?? [];
  if (address === undefined || port === undefined) throw unexpected(field, 'an address, a port and a weight');
  requireCheckField(block, 'reloaded');
  return {
    address,
    port,
    forward: readForward(requireCheckField(block, 'forwarding method', 'Forwarding method')),
    added: readFlag(requireCheckField(block, 'RS set')),
    up: readFlag(requireCheckField(block, 'alive')),
    configuredWeight: readCount(requireCheckField(block, 'initial weight')),
    effectiveWeight: parseDecimal(weight, '"WEIGHT"', field.line),
    checkers: takeCheckers(`${prefix}[${address}]:${protocol || 'none'}:${port}`, checkers).map(readChecker),
  };
}

function takeCheckers(name: string, checkers: CheckerBlocks): readonly CheckBlock[] {
  const own = checkers.get(name) ?? [];
  checkers.delete(name);
  return own;
}

/** `HTTP_GET, http protocol 1.0`, `TCP_CHECK` */
function readChecker(block: CheckBlock): Checker {
  const method = requireCheckField(block, 'Keepalive method');
  const [, kind] = /^([A-Z]+_[A-Z]+)(?:, .*)?$/.exec(method.value) ?? [];
  if (kind === undefined) throw unexpected(method, 'the kind of a checker');
  return {
    kind: kind.toLowerCase(),
    up: readFlag(requireCheckField(block, 'Up', 'Is up')),
    hasRun: readFlag(requireCheckField(block, 'Has run')),
    enabled: readFlag(requireCheckField(block, 'Enabled')),
  };
}

/** `DR`, `NAT`, `TUN, type = GUE, port = 5555` */
function readForward(field: CheckField): Forward {
  const forward = forwards.get(field.value.split(',')[0] ?? '');
  if (!forward) throw unexpected(field, 'a forwarding method');
  return forward;
}

const forwards: ReadonlyMap<string, Forward> = new Map([
  ['DR', 'direct'],
  ['NAT', 'masquerade'],
  ['TUN', 'tunnel'],
]);
