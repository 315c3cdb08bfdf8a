import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseIptablesRates, parseNftRates } from '../../../src/parsers/firewall/rate-limit.ts';
import { needs } from '../../needs.ts';

const match = '-m hashlimit --hashlimit-above 30/min --hashlimit-mode srcip --hashlimit-name web';
const save = (...rules: readonly string[]) => `*filter\n:INPUT ACCEPT [0:0]\n${rules.join('\n')}\nCOMMIT\n`;

describe('parseIptablesRates()', () => {
  it('reads what a rule refuses, and where it is', () => {
    const text = save(
      '[0:0] -A INPUT -i lo -j ACCEPT',
      `[7:420] -A INPUT -d 10.0.0.9/32 -p tcp --dport 25 ${match} -j DROP`,
    );
    expect(parseIptablesRates(text, 'iptables')).toEqual([
      {
        tool: 'iptables',
        chain: 'filter INPUT',
        position: 2,
        rate: '30/min',
        protocol: 'tcp',
        address: '10.0.0.9',
        port: '25',
        packets: 7,
      },
    ]);
  });

  it('leaves out what refuses no connection', () => {
    const text = save(`[7:420] -A INPUT -p icmp ${match} -j DROP`, `[7:420] -A INPUT -p tcp ${match} -j LOG`);
    expect(parseIptablesRates(text, 'iptables')).toEqual([]);
  });
});

describe('parseNftRates()', needs('nft', 'unshare', 'root', 'network namespaces', 'nf_tables'), () => {
  const rates = (rule: string) => {
    const input = `table inet f {\n set m { type ipv4_addr; size 65535; flags dynamic; }\n chain c { type filter hook input priority 0;\n ${rule}\n}\n}\n`;
    const list = 'nft -f - && nft -j list ruleset';
    return parseNftRates(execFileSync('unshare', ['--net', 'sh', '-c', list], { input, encoding: 'utf8' }));
  };

  it.each([
    ['for all', 'tcp dport 80 ct state new limit rate over 2/second burst 2 packets counter drop', '2/second', 0],
    ['for each source', 'tcp dport 80 add @m { ip saddr limit rate over 9/minute } drop', '9/minute', undefined],
  ])('reads a limit %s', (_what, rule, rate, packets) => {
    expect(rates(rule)).toMatchObject([{ tool: 'nft', chain: 'inet f c', rate, protocol: 'tcp', port: '80', packets }]);
  });

  it.each([
    ['a limit of pings', 'icmp type echo-request limit rate over 5/second drop'],
    ['a limit of a log', 'limit rate over 5/second log'],
    ['a limit of bytes', 'tcp dport 80 limit rate over 5 mbytes/second drop'],
  ])('leaves out %s', (_what, rule) => {
    expect(rates(rule)).toEqual([]);
  });
});
