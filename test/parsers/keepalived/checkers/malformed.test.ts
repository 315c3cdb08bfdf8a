import { describe, expect, it } from 'vitest';
import { parseKeepalivedCheck } from '../../../../src/parsers/keepalived/checkers/check.ts';
import { checker, dumpOf, realServer, realServerRead, virtualServer, virtualServerRead } from './smallest.ts';

const odd: readonly (readonly [text: string, line: number, problem: string, rest: readonly unknown[]])[] = [
  [dumpOf(realServer), 4, 'expected a virtual server before the first real server', []],
  [dumpOf(' ------< Virtual server >------\n'), 4, 'expected the virtual server to have "protocol", got nothing', []],
  [dumpOf(virtualServer.replace('TCP', 'ICMP')), 7, 'expected a protocol, got "ICMP"', []],
  [
    dumpOf(virtualServer.replace('VPORT', 'PORT')),
    5,
    'expected an address and a port, got "10.0.0.100, PORT = 80"',
    [],
  ],
  [
    dumpOf(virtualServer.replace('VS VIP = 10.0.0.100', 'VS GROUP = [web]:0')),
    5,
    'expected a group that is listed above, got "[web]:0, VPORT = 80"',
    [],
  ],
  [
    dumpOf(virtualServer.replace('VS alive = 1', 'VS alive = 2')),
    9,
    'expected "VS alive" to be yes or no, got "2"',
    [{ ...virtualServerRead, added: undefined }],
  ],
  [
    dumpOf(virtualServer.replace('quorum = 1,', 'quorum = x,')),
    8,
    'expected "quorum" to be a number, got "x"',
    [{ ...virtualServerRead, quorum: undefined, hysteresis: undefined }],
  ],
  [
    dumpOf(virtualServer.replace('   quorum_state_up = 1\n', '')),
    4,
    'expected the virtual server to have "quorum_state_up", got nothing',
    [{ ...virtualServerRead, quorumUp: undefined }],
  ],
  [
    dumpOf(virtualServer + realServer.replace('10.0.0.11', 'x')),
    13,
    'expected an address, a port and a weight, got "x, RPORT = 80, WEIGHT = 1 EFF WEIGHT = 1"',
    [virtualServerRead],
  ],
  [
    dumpOf(virtualServer + realServer.replace('WEIGHT = 1 EFF', 'WEIGHT = x EFF')),
    13,
    'expected "WEIGHT" to be a number, got "x"',
    [{ ...virtualServerRead, realServers: [{ ...realServerRead, effectiveWeight: undefined }] }],
  ],
  [
    dumpOf(virtualServer + realServer.replace('= DR', '=  0x7')),
    14,
    'expected a forwarding method, got " 0x7"',
    [{ ...virtualServerRead, realServers: [{ ...realServerRead, forward: undefined }] }],
  ],
  [
    dumpOf(virtualServer, '', checker),
    13,
    'expected the checker of a real server that is listed above',
    [virtualServerRead],
  ],
  [
    dumpOf(virtualServer + realServer, '', ` [10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:80\n   Up = yes\n`),
    22,
    'expected the Checker "[10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:8…" to have "Keepalive method", got nothing',
    [{ ...virtualServerRead, realServers: [realServerRead] }],
  ],
  [
    dumpOf(virtualServer + realServer, '', checker.replace('TCP_CHECK', 'x')),
    26,
    'expected the kind of a checker, got "x"',
    [{ ...virtualServerRead, realServers: [realServerRead] }],
  ],
  [
    dumpOf(virtualServer + realServer, '', checker.replace('   Up = yes\n', '')),
    22,
    'expected the Checker "[10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:8…" to have "Up", got nothing',
    [
      {
        ...virtualServerRead,
        realServers: [
          { ...realServerRead, checkers: [{ kind: 'tcp_check', up: undefined, hasRun: true, enabled: true }] },
        ],
      },
    ],
  ],
];

describe('parseKeepalivedCheck()', () => {
  it.each(odd.map(([text, line, problem, rest]) => ({ text, line, problem, rest })))(
    'loses what is malformed in line $line, and counts it: $problem',
    ({ text, line, problem, rest }) => {
      const { virtualServers, skipped } = parseKeepalivedCheck(text);
      expect(virtualServers).toEqual(rest);
      expect(skipped).toEqual({ lines: 1, problems: [`Cannot parse line ${line}: ${problem}`] });
    },
  );
});
