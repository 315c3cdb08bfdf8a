import { expect, it } from 'vitest';
import { createTargets } from '../../../../src/flows/census/nat/targets.ts';
import { createFlow } from '../../../../src/identity/flow.ts';
import { parseNfConntrackLine } from '../../../../src/parsers/procfs/conntrack/nf-conntrack.ts';

const udp = (port: number, target: string, { rest = '', zone = 0 } = {}) =>
  `ipv4     2 udp      17 30 src=192.0.2.1 dst=203.0.113.1 sport=5000 dport=${port} ${rest}src=${target} dst=192.0.2.1 sport=53 dport=5000 mark=0 zone=${zone} use=2`;
const whole = (end: string) => `2001:0db8:0000:0000:0000:0000:0000:${end}`;
const udp6 = (target: string) =>
  `ipv6     10 udp      17 30 src=${whole('0001')} dst=${whole('0002')} sport=5000 dport=53 src=${whole(target)} dst=${whole('0001')} sport=53 dport=5000 mark=0 zone=0 use=2`;
const tcp = `ipv4     2 tcp      6 30 ESTABLISHED src=192.0.2.1 dst=203.0.113.1 sport=5000 dport=53 src=10.0.0.1 dst=192.0.2.1 sport=53 dport=5000 [ASSURED] mark=0 zone=0 use=2`;

it('counts datagrams by the address that NAT sends them to', () => {
  const targets = createTargets(7);
  const flow = createFlow();
  const lines = [
    udp(53, '10.0.0.1'),
    udp(53, '10.0.0.1', { rest: '[UNREPLIED] ' }),
    udp(53, '10.0.0.2'),
    udp(54, '10.0.0.1'),
    udp(53, '203.0.113.1'),
    udp(53, '10.0.0.9', { zone: 5 }),
    tcp,
    udp6('0003'),
    udp6('0002'),
  ];
  for (const line of lines) {
    parseNfConntrackLine(line, 1, flow);
    targets.add(flow);
  }
  const common = { protocol: 'udp', zone: 0 };
  expect(targets.list()).toEqual([
    { ...common, address: '203.0.113.1', port: 53, target: '10.0.0.1', counted: 2, unreplied: 1 },
    { ...common, address: '203.0.113.1', port: 53, target: '10.0.0.2', counted: 1, unreplied: 0 },
    { ...common, address: '203.0.113.1', port: 54, target: '10.0.0.1', counted: 1, unreplied: 0 },
    { ...common, address: '2001:db8::2', port: 53, target: '2001:db8::3', counted: 1, unreplied: 0 },
  ]);
});
