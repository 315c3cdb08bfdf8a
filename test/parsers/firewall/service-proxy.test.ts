import { describe, expect, it } from 'vitest';
import { findServiceProxies } from '../../../src/parsers/firewall/service-proxy.ts';

const save = (...rules: readonly string[]) => ['*nat', ...rules, 'COMMIT', ''].join('\n');

describe('findServiceProxies()', () => {
  it.each([
    ['a set of kube-proxy', '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT', ['ipvs']],
    ['a chain of its IPVS mode', ':KUBE-NODE-PORT - [0:0]', ['ipvs']],
    ['its filter', ':KUBE-IPVS-FILTER - [0:0]', ['ipvs']],
    ['kube-router', ':KUBE-ROUTER-SERVICES - [0:0]', ['kube-router']],
    [
      'the iptables mode',
      ':KUBE-NODEPORTS - [0:0]\n-A KUBE-SERVICES -d 10.96.0.10/32 -j KUBE-SVC-ERIFXISQEP7F7OF4',
      [],
    ],
    ['Cilium', ':CILIUM_PRE_nat - [0:0]', []],
    ['Docker', ':DOCKER-INGRESS - [0:0]', []],
  ])('recognises %s', (_, rules, expected) => {
    expect(findServiceProxies(['', save(rules)])).toEqual(expected);
  });

  it('recognises chains that nft lists', () => {
    const chain = { family: 'ip', table: 'nat', name: 'KUBE-LOAD-BALANCER' };
    expect(findServiceProxies(['', JSON.stringify({ nftables: [{ chain }] })])).toEqual(['ipvs']);
  });
});
