import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readIptablesTables } from '../../../../src/parsers/firewall/iptables-tables.ts';
import { readNftTables } from '../../../../src/parsers/firewall/nft-tables.ts';
import { parseIptablesRates } from '../../../../src/parsers/firewall/rates/iptables-rates.ts';
import { parseNftRates } from '../../../../src/parsers/firewall/rates/nft-rates.ts';
import { needs } from '../../../needs.ts';

const match = '-m hashlimit --hashlimit-above 30/min --hashlimit-mode srcip --hashlimit-name web';
const ratesOf = (text: string) => parseIptablesRates(readIptablesTables(text, 'iptables'));
const save = (...rules: readonly string[]) => `*filter\n:INPUT ACCEPT [0:0]\n${rules.join('\n')}\nCOMMIT\n`;

describe('parseIptablesRates()', () => {
  it('reads what a rule refuses, and where it is', () => {
    const text = save(
      '[0:0] -A INPUT -i lo -j ACCEPT',
      `[7:420] -A INPUT -d 10.0.0.9/32 -p tcp --dport 25 ${match} -j DROP`,
    );
    expect(ratesOf(text)).toEqual([
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

  it.each([
    ['4/60s', '-p tcp -m tcp --dport 22 -m recent --update --seconds 60 --hitcount 4 --name SSH --rsource', ''],
    ['25/sec', '', '-m limit --limit 25/sec --limit-burst 50 -j RETURN'],
    ['4/sec', '! -p icmp -m hashlimit --hashlimit-above 4/sec --hashlimit-name a', ''],
    [
      '3/min',
      '-p tcp -m tcp --dport 22',
      '-p tcp -m tcp --dport 22 -m hashlimit --hashlimit-upto 3/min --hashlimit-name a -j ACCEPT',
    ],
  ])('reads %s of what is refused by %s', (rate, rule, before) => {
    const first = before === '' ? [] : [`[5:300] -A INPUT ${before}`, '[5:300] -A INPUT -p tcp -j LOG'];
    const found = ratesOf(save(...first, `[7:420] -A INPUT ${rule} -j DROP`));
    expect(found).toMatchObject([{ rate, packets: 7, position: 1 + first.length }]);
  });

  it.each([
    ['-p tcp -m limit --limit 5/sec -j LOG', '-p tcp -j DROP'],
    ['-p tcp -m tcp --dport 80 -m limit --limit 5/sec -j ACCEPT', '-p tcp -m tcp --dport 81 -j DROP'],
    ['-p tcp -m recent --set --name SSH --rsource', '-p tcp -j ACCEPT'],
    ['-p icmp -m limit --limit 1/sec -j ACCEPT', '-j DROP'],
    ['-p tcp -m tcp --dport 22 -m limit --limit 3/min -j ACCEPT', '-j REJECT --reject-with icmp-port-unreachable'],
  ])('leaves out %s before %s', (...rules) => {
    expect(ratesOf(save(...rules.map((rule) => `[7:420] -A INPUT ${rule}`)))).toEqual([]);
  });

  it('leaves out what refuses no connection', () => {
    const text = save(`[7:420] -A INPUT -p icmp ${match} -j DROP`, `[7:420] -A INPUT -p tcp ${match} -j LOG`);
    expect(ratesOf(text)).toEqual([]);
  });
});

describe('parseNftRates()', needs('nft', 'unshare', 'root', 'network namespaces', 'nf_tables'), () => {
  const rates = (rule: string) => {
    const input = `table inet f {\n set m { type ipv4_addr; size 65535; flags dynamic; }\n chain c { type filter hook input priority 0;\n ${rule}\n}\n}\n`;
    const list = 'nft -f - && nft -j list ruleset';
    return parseNftRates(
      readNftTables(execFileSync('unshare', ['--net', 'sh', '-c', list], { input, encoding: 'utf8' })),
    );
  };

  it.each([
    ['for all', 'tcp dport 80 ct state new limit rate over 2/second burst 2 packets counter drop', '2/second', 0],
    [
      'with a rule for the rest',
      'tcp dport 80 ct state new limit rate 5/minute accept; tcp dport 80 ct state new log; tcp dport 80 ct state new counter drop',
      '5/minute',
      0,
    ],
    ['of a rule that rejects', 'tcp dport 80 limit rate over 2/second counter reject', '2/second', 0],
    ['for each source', 'tcp dport 80 add @m { ip saddr limit rate over 9/minute } drop', '9/minute', undefined],
  ])('reads a limit %s', (_what, rule, rate, packets) => {
    expect(rates(rule)).toMatchObject([{ tool: 'nft', chain: 'inet f c', rate, protocol: 'tcp', port: '80', packets }]);
  });

  it.each([
    ['a limit of pings', 'icmp type echo-request limit rate over 5/second drop'],
    ['a limit of ICMP', 'meta l4proto icmp limit rate over 5/second drop'],
    ['a limit of a log', 'limit rate over 5/second log'],
    ['the rest of something else', 'tcp dport 80 limit rate 5/minute accept; tcp dport 81 drop'],
    ['what is after an accepting rule', 'tcp dport 80 limit rate 5/minute accept; tcp dport 81 accept; drop'],
    ['all that remains after pings', 'icmp type echo-request limit rate 1/second accept; counter drop'],
    ['all that remains after one port', 'tcp dport 22 ct state new limit rate 3/minute accept; reject'],
    ['a limit of bytes', 'tcp dport 80 limit rate over 5 mbytes/second drop'],
  ])('leaves out %s', (_what, rule) => {
    expect(rates(rule)).toEqual([]);
  });
});
