import { parseAddress } from '../../../identity/address.ts';
import { parseDecimal } from '../../numbers.ts';
import { type Block, type Field, requireField, unexpectedField } from '../dump.ts';
import type { Attempt } from '../skipped.ts';
import type { CheckedRealServer, CheckedVirtualServer } from './checked-server.ts';
import { type CheckerBlocks, readChecker, takeCheckers } from './checker.ts';
import type { VirtualServerGroup } from './group.ts';
import { readServices } from './services.ts';
import { readSorryServer } from './sorry-server.ts';
import { readCount, readFlag, readForward } from './values.ts';

export const serviceNames = ['VS GROUP', 'VS FWMARK', 'VS VIP'] as const;

export const virtualServerKeys = [
  ...serviceNames,
  ...['Address family', 'protocol', 'quorum', 'VS alive', 'alive', 'quorum_state_up', 'forwarding method'],
  ...['sorry server', 'sorry server (duplicates rs)', 'sorry server forwarding method', 'Inhibit on failure', 'set'],
] as const;

export const realServerKeys = [
  ...['RIP', 'forwarding method', 'Forwarding method', 'initial weight', 'alive', 'RS set'],
] as const;

/** The fields of a virtual server in the rest of a dump. */
export interface Surroundings {
  readonly groups: ReadonlyMap<string, VirtualServerGroup>;
  readonly checkers: CheckerBlocks;
  readonly attempt: Attempt;
}

/**
 * Reads ` ------< Virtual server >------` and its real servers, as `dump_vs()` and `dump_rs()` write them.
 *
 * @throws ParseError where it is not known which services of the kernel are meant.
 */
export function readVirtualServer(
  block: Block,
  realServers: readonly Block[],
  { groups, checkers, attempt }: Surroundings,
): CheckedVirtualServer {
  const protocol = readProtocol(requireField(block, 'protocol'));
  const { services, group, name } = readServices(block, protocol, groups);
  const quorum = attempt(() => readQuorum(requireField(block, 'quorum')));
  const quorumUp = attempt(() => readFlag(requireField(block, 'quorum_state_up')));
  const own = (real: Block) => readRealServer(real, { prefix: `${name} -> `, protocol }, checkers, attempt);
  return {
    services,
    group,
    added: attempt(() => readFlag(requireField(block, 'VS alive', 'alive'))),
    quorum: quorum?.quorum,
    hysteresis: quorum?.hysteresis,
    quorumUp,
    sorryServer: attempt(() => readSorryServer(block, quorumUp, attempt)),
    realServers: realServers.flatMap((real) => attempt(() => own(real)) ?? []),
  };
}

/** A firewall mark has packets of any protocol: keepalived reports `none`. */
function readProtocol(field: Field): string {
  if (!/^(TCP|UDP|SCTP|none)$/.test(field.value)) throw unexpectedField(field, 'a protocol');
  return field.value === 'none' ? '' : field.value.toLowerCase();
}

/** `4, hysteresis = 1` */
function readQuorum({ value, line }: Field): { quorum: number; hysteresis: number } {
  const [quorum, hysteresis] = value.split(', hysteresis = ');
  return {
    quorum: parseDecimal(quorum, '"quorum"', line),
    hysteresis: parseDecimal(hysteresis, '"hysteresis"', line),
  };
}

function readRealServer(
  block: Block,
  { prefix, protocol }: { prefix: string; protocol: string },
  checkers: CheckerBlocks,
  attempt: Attempt,
): CheckedRealServer {
  const { written, address, port, weight } = readRealAddress(requireField(block, 'RIP'));
  const own = takeCheckers(`${prefix}[${written}]:${protocol || 'none'}:${port}`, checkers);
  return {
    address,
    port,
    forward: attempt(() => readForward(requireField(block, 'forwarding method', 'Forwarding method'))),
    added: attempt(() => readFlag(requireField(block, 'RS set'))),
    up: attempt(() => readFlag(requireField(block, 'alive'))),
    configuredWeight: attempt(() => readCount(requireField(block, 'initial weight'))),
    effectiveWeight: attempt(() => readCount(weight)),
    checkers: own.flatMap((checker) => attempt(() => readChecker(checker, attempt)) ?? []),
  };
}

/** `10.0.0.11, RPORT = 80, WEIGHT = 1`, from keepalived 2.2 on with ` EFF WEIGHT = 1`. */
function readRealAddress(field: Field) {
  const [, written = '', port, rest = ''] = /^([\da-f.:]+), RPORT = (\d+), WEIGHT = (.*)$/.exec(field.value) ?? [];
  const address = parseAddress(written);
  if (address === undefined || port === undefined) throw unexpectedField(field, 'an address, a port and a weight');
  const [weight = ''] = rest.split(' EFF WEIGHT = ');
  return { written, address, port, weight: { key: 'WEIGHT', value: weight, line: field.line } };
}
