import { readFileSync } from 'node:fs';
import type {
  CheckedIdentity,
  CheckedRealServer,
  CheckedVirtualServer,
  Checker,
} from '../../src/parsers/keepalived/checkers/checked-server.ts';

export const checkRecordings = ['2.0.20', '2.1.5', '2.2.7', '2.2.7-down', '2.3.4', '2.4.3', '2.4.3-down'] as const;

/** A file of test/fixtures/keepalived_check: the dump of a keepalived, or the kernel's table at the same time. */
export function readCheckFixture(folder: string, name: 'keepalived_check.data' | 'ip_vs'): string {
  return readFileSync(new URL(`../fixtures/keepalived_check/${folder}/${name}`, import.meta.url), 'utf8');
}

/** A word of the configuration that stands wherever a secret can stand. */
export const plantedSecret = 'hunter2';

/** `http_get`, or `http_get failed`, or `smtp_check resting`. */
function checker(text: string): Checker {
  const [kind = '', state] = text.split(' ');
  return { kind, up: state !== 'failed', hasRun: state !== 'resting', enabled: state !== 'resting' };
}

const up = { up: true, added: true };
const down = { up: false, added: false };

type State = Partial<Omit<CheckedRealServer, 'checkers'>> & { readonly checkers?: readonly string[] };

function realServer(address: string, port: string, state: State): CheckedRealServer {
  const { checkers = ['tcp_check'], configuredWeight = 1, effectiveWeight = configuredWeight, ...rest } = state;
  const weights = { configuredWeight, effectiveWeight };
  return { address, port, forward: 'direct', ...up, ...weights, ...rest, checkers: checkers.map(checker) };
}

function service(protocol: string, address: string, port: string): CheckedIdentity {
  return { protocol, address, port, fwmark: '', family: undefined };
}

function mark(fwmark: string): CheckedIdentity {
  return { protocol: '', address: '', port: '', fwmark, family: 'ipv4' };
}

function virtualServer(
  services: readonly CheckedIdentity[],
  realServers: readonly CheckedRealServer[],
  state: Partial<CheckedVirtualServer> = {},
): CheckedVirtualServer {
  return {
    services,
    group: undefined,
    added: true,
    quorum: 1,
    hysteresis: 0,
    quorumUp: true,
    sorryServer: undefined,
    ...state,
    realServers,
  };
}

const sorry = {
  address: '10.9.0.14',
  port: '443',
  forward: 'direct',
  added: true,
  inUse: true,
  duplicate: false,
} as const;

/** What the recorded keepaliveds say, from 2.2 on. */
export const recordedServers: readonly CheckedVirtualServer[] = [
  virtualServer(
    [service('tcp', '10.9.0.110', '80')],
    [
      realServer('10.9.0.11', '80', { configuredWeight: 3, checkers: ['http_get'] }),
      // Inhibited: it stays in the kernel.
      realServer('10.9.0.12', '80', { ...down, added: true, configuredWeight: 2, checkers: ['tcp_check failed'] }),
      realServer('10.9.0.13', '80', {
        ...down,
        checkers: ['tcp_check failed', 'misc_check', 'http_get failed'],
      }),
    ],
    { quorum: 4, hysteresis: 1 },
  ),
  virtualServer(
    [service('udp', '10.9.0.110', '53')],
    [
      realServer('10.9.0.11', '5353', {
        forward: 'masquerade',
        configuredWeight: 5,
        effectiveWeight: 40,
        checkers: ['misc_check'],
      }),
      realServer('10.9.0.12', '53', { ...down, forward: 'masquerade', checkers: ['dns_check failed'] }),
    ],
  ),
  virtualServer([mark('7')], [realServer('10.9.0.11', '0', { forward: 'tunnel' })]),
  virtualServer([service('tcp', 'fd00:9::100', '80')], [realServer('fd00:9::11', '80', {})], {
    sorryServer: { ...sorry, address: 'fd00:9::12', port: '80', added: false, inUse: false },
  }),
  virtualServer(
    [service('tcp', '10.9.0.120', '443')],
    [
      realServer('10.9.0.11', '443', { ...down, added: true, checkers: ['ssl_get failed'] }),
      realServer('10.9.0.13', '443', { ...down, added: true, checkers: ['tcp_check failed'] }),
    ],
    { quorumUp: false, sorryServer: sorry },
  ),
  virtualServer(
    [service('tcp', '10.9.0.121', '443')],
    [
      // Up, and taken out: the sorry server has its place.
      realServer('10.9.0.11', '443', { added: false }),
      realServer('10.9.0.12', '443', { ...down, checkers: ['tcp_check failed'] }),
    ],
    { quorum: 2, quorumUp: false, sorryServer: sorry },
  ),
  virtualServer(
    [
      ...['10.9.0.100', '10.9.0.101', '10.9.0.102', '10.9.0.103'].map((address) => service('tcp', address, '80')),
      ...['fd00:9::101', 'fd00:9::102', 'fd00:9::103'].map((address) => service('tcp', address, '80')),
    ],
    [
      realServer('10.9.0.11', '80', { forward: 'tunnel' }),
      realServer('10.9.0.12', '80', { ...down, forward: 'tunnel', checkers: ['tcp_check failed'] }),
    ],
    { group: 'web' },
  ),
  virtualServer([mark('100'), mark('101')], [realServer('10.9.0.11', '0', {})], { group: 'marks' }),
  virtualServer(
    [service('tcp', '10.9.0.130', '25')],
    [realServer('10.9.0.11', '25', { checkers: ['smtp_check resting'] })],
  ),
  virtualServer(
    [service('sctp', '10.9.0.140', '9')],
    [realServer('10.9.0.11', '9', { configuredWeight: 0, checkers: [] })],
    { quorum: 0, hysteresis: 2 ** 32 - 1, quorumUp: false },
  ),
  virtualServer(
    [service('tcp', '10.9.0.150', '80')],
    [
      realServer('10.9.0.11', '80', {
        configuredWeight: 10,
        effectiveWeight: 16,
        checkers: ['ping_check', 'file_check'],
      }),
      realServer('10.9.0.12', '80', { ...down, checkers: ['udp_check failed'] }),
    ],
  ),
];
