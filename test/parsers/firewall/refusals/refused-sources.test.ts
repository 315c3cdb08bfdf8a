import { expect, it } from 'vitest';
import { readIptablesTables } from '../../../../src/parsers/firewall/iptables-tables.ts';
import { parseRefusedSources } from '../../../../src/parsers/firewall/refusals/refused-sources.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';

/** As Tailscale 1.70 (util/linuxfw/iptables_runner.go) and fail2ban (action.d/iptables.conf) write their chains. */
const saved = `*filter
:INPUT ACCEPT [0:0]
:f2b-sshd - [0:0]
:ts-input - [0:0]
[9:540] -A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd
[9:540] -A INPUT -j ts-input
[0:0] -A INPUT -s 10.9.9.9/32 -j DROP
[7:420] -A f2b-sshd -s 10.0.0.5/32 -j REJECT --reject-with icmp-port-unreachable
[0:0] -A f2b-sshd -s 203.0.113.0/24 -j REJECT --reject-with icmp-port-unreachable
[2:120] -A f2b-sshd -j RETURN
[0:0] -A ts-input -s 100.98.189.105/32 -i lo -j ACCEPT
[0:0] -A ts-input -s 100.115.92.0/23 ! -i tailscale0 -j RETURN
[5:300] -A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP
[0:0] -A ts-input -i tailscale0 -j ACCEPT
COMMIT
`;

it('parseRefusedSources() has bans of one address, and what Tailscale refuses', () => {
  expect(parseRefusedSources(readIptablesTables(saved, 'iptables'))).toEqual([
    {
      tool: 'iptables',
      chain: 'filter f2b-sshd',
      position: 1,
      matches: '-s 10.0.0.5/32',
      owner: 'fail2ban',
      source: '10.0.0.5',
      packets: 7,
    },
    {
      tool: 'iptables',
      chain: 'filter ts-input',
      position: 3,
      matches: '-s 100.64.0.0/10 ! -i tailscale0',
      owner: 'tailscale',
      source: '100.64.0.0/10',
      packets: 5,
    },
  ]);
  expectParsedOrRefused((text) => parseRefusedSources(readIptablesTables(text, 'iptables')), saved);
});
