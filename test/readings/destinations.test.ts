import { expect, it } from 'vitest';
import { type Destination, nameDestination } from '../../src/readings/destinations.ts';

const destination: Destination = {
  protocol: 'tcp',
  address: '10.0.0.100',
  port: '80',
  zone: '0',
  netns: undefined,
  entries: 0,
  unreplied: 0,
  perSecond: 0,
  verdict: undefined,
  owner: undefined,
};

it.each<[string, Partial<Destination>, string]>([
  ['by protocol, address and port', {}, 'tcp 10.0.0.100:80'],
  ['of IPv6', { address: 'fd00::1' }, 'tcp [fd00::1]:80'],
  ['with its zone', { zone: '7' }, 'tcp 10.0.0.100:80 in zone 7'],
  [
    'of a protocol that conntrack has no name for',
    { protocol: '112', address: '224.0.0.18', port: '' },
    'vrrp 224.0.0.18',
  ],
  ['of an unknown protocol', { protocol: '253', port: '' }, 'protocol 253 10.0.0.100'],
])('a destination is named %s', (_, others, name) => {
  expect(nameDestination({ ...destination, ...others })).toBe(name);
});
