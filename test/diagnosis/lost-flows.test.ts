import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { inShort, remedyOf, samplesOf } from './samples.ts';

const resolver = 'protocol="udp",address="10.96.0.10",port="53",zone="0"';
const table = (used: number) => `conntrack_entries ${used}\nconntrack_entries_limit 262144
  conntrack_destination_entries{${resolver}} 600\nconntrack_destination_unreplied_entries{${resolver}} 20
  conntrack_destination_translated_entries{${resolver}} 580\n`;
const find = (now: string, before: string) => diagnose(samplesOf(now), samplesOf(before));

describe('diagnose() of connections that are lost while the table has room', () => {
  const counters = (lost: number, dropped: number) =>
    `conntrack_insert_failed_total{cpu="0"} ${lost}\nconntrack_drop_total{cpu="0"} ${dropped}`;

  it('names the counter, how many per second, and what NAT applies to', () => {
    const [finding] = find(table(800) + counters(1200, 1200), table(800) + counters(100, 100));
    expect(finding).toMatchObject({
      id: 'conntrack-insert-failing',
      severity: 'critical',
      subject: { destination: { address: '10.96.0.10' } },
      numbers: { lostFlows: 1100, lostPerSecond: 110, droppedPackets: 1100, translatedEntries: 580 },
    });
    const { commands, title } = remedyOf(finding, 'look-at-source-ports');
    expect(title).toContain('--random-fully');
    expect(commands[0]).toContain('iptables-save -t nat');
  });

  it('is a warning at the rate of two resolver requests from one socket', () => {
    expect(find(table(800) + counters(150, 150), table(800) + counters(100, 100)).map(inShort)).toEqual([
      'warning conntrack-insert-failing udp 10.96.0.10:53',
    ]);
  });

  it.each([
    ['50', 'ip proto 50', 'NAT traversal'],
    ['gre', 'ip proto 47', 'nf_nat_pptp'],
    ['4', 'ip proto 4', 'ports'],
  ])(
    'names a tunnel of protocol %s that NAT translates, unless the ports of a rule are used up',
    (protocol, filter, advice) => {
      const tunnel = `protocol="${protocol}",address="203.0.113.9",port="0",zone="0"`;
      const rule = (ports: string) =>
        `firewall_source_nat_rule_info{tool="iptables",chain="POSTROUTING",position="1",rule="-j SNAT",ports="${ports}",addresses="",random="no"} 1\n`;
      const at = (lost: number, ports: string) =>
        `${table(800)}conntrack_destination_entries{${tunnel}} 1\nconntrack_destination_translated_entries{${tunnel}} 1\n${rule(ports)}${counters(lost, lost)}`;
      const [finding] = find(at(1200, ''), at(100, ''));
      expect(finding).toMatchObject({
        id: 'conntrack-insert-failing',
        subject: { destination: { protocol, address: '203.0.113.9' } },
        details: { hasNoPorts: true },
      });
      expect(finding?.remedies.map(({ id }) => id)).toEqual(['look-at-tunnels']);
      const { title, commands } = remedyOf(finding, 'look-at-tunnels');
      expect(title).toContain(advice);
      expect(commands).toEqual([`timeout 10 tcpdump -n -i any -c 40 '${filter} and dst host 203.0.113.9'`]);
      const [other] = find(at(1200, '1024-1624'), at(100, '1024-1624'));
      expect(other).toMatchObject({
        subject: { destination: { address: '10.96.0.10' } },
        details: { hasNoPorts: false },
      });
    },
  );

  it('reports nothing about a stray one', () => {
    expect(find(table(800) + counters(105, 105), table(800) + counters(100, 100))).toEqual([]);
  });

  it('is not reported next to a full table, which explains it', () => {
    const ids = find(table(262_144) + counters(1200, 1200), table(262_144) + counters(100, 100)).map(({ id }) => id);
    expect(ids).not.toContain('conntrack-insert-failing');
  });
});

describe('diagnose() of INVALID packets', () => {
  const invalid = (packets: number, liberal = 0) =>
    `\nconntrack_invalid_total{cpu="0"} ${packets}\nconntrack_setting{name="tcp_be_liberal"} ${liberal}`;

  it('offers be-liberal where NAT applies and no one-way connections explain them', () => {
    const [finding] = find(table(800) + invalid(600), table(800) + invalid(100));
    expect(finding).toMatchObject({
      id: 'conntrack-invalid-resets',
      severity: 'warning',
      numbers: { invalidPackets: 500, invalidPerSecond: 50 },
    });
    expect(remedyOf(finding, 'be-liberal')).toMatchObject({
      commands: ['sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1'],
      undo: ['sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=0'],
    });
  });

  const oneWay = 'protocol="tcp",address="10.0.0.100",port="80",zone="0"';
  const oneWayEntries = `\nconntrack_destination_entries{${oneWay}} 900\nconntrack_destination_unreplied_entries{${oneWay}} 900`;

  it.each([
    ['a few of them', table(800) + invalid(140), table(800) + invalid(100)],
    ['a host that is liberal', table(800) + invalid(600, 1), table(800) + invalid(100, 1)],
    ['one-way connections', table(800) + oneWayEntries + invalid(600), table(800) + oneWayEntries + invalid(100)],
  ])('reports nothing about %s', (_what, now, before) => {
    expect(find(now, before).map(({ id }) => id)).not.toContain('conntrack-invalid-resets');
  });
});

describe('diagnose() of a firewall whose rules do not count', () => {
  const shop = 'protocol="tcp",address="10.0.0.100",port="80",zone="0"';
  const entries = `conntrack_entries 900\nconntrack_entries_limit 262144
    conntrack_destination_entries{${shop}} 900\nconntrack_destination_unreplied_entries{${shop}} 900
    conntrack_destination_arrivals_per_second{${shop}} 30\nconntrack_destination_verdict{${shop},verdict="unanswered"} 1`;
  const invalid = (packets: number) => `\nconntrack_invalid_total{cpu="0"} ${packets}`;
  const drops = '\nfirewall_forward_drops_invalid_info{tool="nft",chain="inet filter forward"} 1';

  it('reports that connections cannot get beyond the SYN', () => {
    const found = find(entries + drops + invalid(5000), entries + drops + invalid(100));
    expect(found[0]).toMatchObject({
      id: 'invalid-dropped',
      severity: 'critical',
      subject: { destination: { address: '10.0.0.100' } },
      numbers: { invalidPackets: 4900 },
      details: { chains: ['inet filter forward'] },
    });
  });

  it('reports nothing of the kind where a chain may let them through', () => {
    const found = find(entries + invalid(5000), entries + invalid(100));
    expect(found.map(({ id }) => id)).not.toContain('invalid-dropped');
  });
});
