import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAnonymize } from '../../src/recording/anonymize.ts';

/** From the lab, Linux 6.1 and 6.18. */
const flows = `ipv4     2 tcp      6 113 SYN_SENT src=10.0.0.10 dst=10.0.0.100 sport=58642 dport=80 [UNREPLIED] src=10.0.0.100 dst=10.0.0.10 sport=80 dport=58642 mark=0 use=2
ipv4     2 udp      17 29 src=10.0.0.9 dst=10.0.0.100 sport=1 dport=53 src=10.0.0.100 dst=10.0.0.9 sport=53 dport=1 mark=0 use=2
ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.100 dst=10.0.0.10 sport=1 dport=22 src=10.0.0.10 dst=10.0.0.100 sport=22 dport=1 [ASSURED] mark=0 use=2
ipv6     10 udp      17 29 src=fd00:0000:0000:0000:0000:0000:0000:0001 dst=fd00:0000:0000:0000:0000:0000:0000:0100 sport=100 dport=5353 [UNREPLIED] src=fd00:0000:0000:0000:0000:0000:0000:0100 dst=fd00:0000:0000:0000:0000:0000:0000:0001 sport=5353 dport=100 mark=0 zone=0 use=2
`;
const connections = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP 0A00000A 8F20 0A000064 0050 0A00000B 0050 FIN_WAIT        113
UDP fd00:0000:0000:0000:0000:0000:0000:0001 0064 fd00:0000:0000:0000:0000:0000:0000:0100 0035 fd00:0000:0000:0000:0000:0000:0000:0011 0035 UDP         299 sip call-7@10.0.0.10
`;

describe('createAnonymize()', () => {
  it('replaces clients of tracked flows, wherever they stand, and nothing else', () => {
    const anonymize = createAnonymize();
    const anonymized = anonymize('/proc/net/nf_conntrack', flows);
    expect(anonymized.split('\n')).toEqual([
      'ipv4     2 tcp      6 113 SYN_SENT src=198.18.0.1 dst=198.18.0.2 sport=58642 dport=80 [UNREPLIED] src=198.18.0.2 dst=198.18.0.1 sport=80 dport=58642 mark=0 use=2',
      'ipv4     2 udp      17 29 src=198.18.0.3 dst=198.18.0.2 sport=1 dport=53 src=198.18.0.2 dst=198.18.0.3 sport=53 dport=1 mark=0 use=2',
      'ipv4     2 tcp      6 431999 ESTABLISHED src=198.18.0.2 dst=198.18.0.1 sport=1 dport=22 src=198.18.0.1 dst=198.18.0.2 sport=22 dport=1 [ASSURED] mark=0 use=2',
      'ipv6     10 udp      17 29 src=2001:0db8:0000:0000:0000:0000:0000:0001 dst=fd00:0000:0000:0000:0000:0000:0000:0100 sport=100 dport=5353 [UNREPLIED] src=fd00:0000:0000:0000:0000:0000:0000:0100 dst=2001:0db8:0000:0000:0000:0000:0000:0001 sport=5353 dport=100 mark=0 zone=0 use=2',
      '',
    ]);
  });

  it('removes the peers of UDP sockets, and keeps their ports', () => {
    const sockets = `   sl  local_address rem_address   st
  514: 0A00000A:0035 0B00000A:8F20 01 00000000:00000000
   12: 000080FE00000000000000000A00000A:0035 000080FE00000000000000000B00000A:8F20 01 00000000:00000000
`;
    expect(createAnonymize()('/netns/web/proc/net/udp6', sockets)).toBe(`   sl  local_address rem_address   st
  514: 0A00000A:0035 00000000:0000 01 00000000:00000000
   12: 000080FE00000000000000000A00000A:0035 00000000000000000000000000000000:0000 01 00000000:00000000
`);
  });

  it('keeps the destinations of flows whose sender is another', () => {
    const [first = ''] = flows.split('\n');
    expect(createAnonymize()('/proc/net/nf_conntrack', `${first}\n`)).toContain('dst=10.0.0.100 sport=58642');
  });

  it('replaces clients of IPVS connections, and drops what a persistence engine keeps', () => {
    expect(createAnonymize()('/proc/net/ip_vs_conn', connections)).toBe(
      `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP C6120001 8F20 0A000064 0050 0A00000B 0050 FIN_WAIT        113
UDP 2001:0db8:0000:0000:0000:0000:0000:0001 0064 fd00:0000:0000:0000:0000:0000:0000:0100 0035 fd00:0000:0000:0000:0000:0000:0000:0011 0035 UDP         299
`,
    );
  });

  it('replaces clients of IPVS connections that have an origin', () => {
    const row = 'TCP 0A00000A 8F20 0A000064 0050 0A00000B 0050 FIN_WAIT    SYNC       113\n';
    expect(createAnonymize()('/proc/net/ip_vs_conn_sync', row)).toBe(row.replace('0A00000A', 'C6120001'));
  });

  it('gives an address the same stand-in in every file', () => {
    const anonymize = createAnonymize();
    expect(anonymize('/proc/net/ip_vs_conn', connections)).toContain('TCP C6120001');
    expect(anonymize('/proc/net/nf_conntrack', flows)).toContain('src=198.18.0.1 dst=198.18.0.2 sport=58642');
  });

  it('leaves other files as they are', () => {
    expect(createAnonymize()('/proc/net/ip_vs', flows)).toBe(flows);
  });

  it('gives every client a valid address of its own, of its family', () => {
    const lines = Array.from(
      { length: 200_000 },
      (_, n) => `x src=10.${n >> 16}.${(n >> 8) & 255}.${n & 255} dst=1.1.1.1\n`,
    );
    const anonymized = createAnonymize()('/proc/net/nf_conntrack', lines.join(''));
    const addresses = new Set([...anonymized.matchAll(/src=(\S+)/g)].map(([, address = '']) => address));
    expect(addresses.size).toBe(200_000);
    expect([...addresses].every((address) => isIP(address) === 4)).toBe(true);
  });
});

it.each([
  ['a word', 'x'.repeat(1_000_000)],
  ['colons', `${':'.repeat(1_000_000)}g`],
])('takes a long text of %s once, and not from each of its characters, which would take hours', (_what, text) => {
  const paths = ['/proc/net/arp', '/commands/iptables-save-raw', '/proc/version'];
  for (const path of paths) expect(createAnonymize()(path, text)).toBe(text);
});
