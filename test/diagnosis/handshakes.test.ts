import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { samplesOf } from './samples.ts';

const at = (seconds: number) =>
  `\nlvs_exporter_collector_last_success_timestamp_seconds{collector="conntrack"} ${seconds}\n`;
const dropped = (seconds: number, packets: number, ...more: readonly string[]) =>
  samplesOf(`conntrack_entries 300\nconntrack_entries_limit 65536
    conntrack_invalid_total{cpu="0"} ${packets}
    firewall_forward_drops_invalid_info{tool="nft",chain="inet filter forward"} 1
    ${more.join('\n')}${at(seconds)}`);
const find = (...more: readonly string[]) => diagnose(dropped(10, 400, ...more), dropped(0, 100, ...more));
const loose = (value: number) => `conntrack_setting{name="tcp_loose"} ${value}`;
const synproxy = 'firewall_synproxy_rule_info{chain="filter FORWARD",protocol="tcp",address="",port="80"} 1';
const established = (seconds: number) => `conntrack_timeout_seconds{protocol="tcp",state="established"} ${seconds}`;

describe('diagnose() of packets that are dropped before their connection is known', () => {
  const remediesOf = (...more: readonly string[]) => {
    const [finding] = find(...more);
    expect(finding?.id).toBe('unknown-connections-dropped');
    return finding?.remedies.map(({ id }) => id);
  };

  it('offers to pick them up, and never next to SYNPROXY', () => {
    expect(remediesOf(loose(0))).toEqual(['pick-up-connections', 'look-at-invalid']);
    expect(remediesOf(loose(0), synproxy)).toEqual(['look-at-invalid']);
  });

  it('asks to look for SYNPROXY where the rules are not known', () => {
    const checks = (...more: readonly string[]) => find(loose(0), ...more)[0]?.remedies[0]?.checkFirst;
    expect(checks()).toMatchObject([{ id: 'no-synproxy' }]);
    expect(checks('lvs_exporter_collector_success{collector="firewall"} 1')).toEqual([]);
  });

  it('offers the default timer first where entries end before a keepalive comes', () => {
    expect(remediesOf(loose(0), established(600))).toEqual([
      'default-timers',
      'pick-up-connections',
      'look-at-invalid',
    ]);
    expect(find(loose(0), established(600))[0]?.remedies[0]?.commands).toEqual([
      'sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=432000',
    ]);
    expect(remediesOf(loose(0), established(86_400))).not.toContain('default-timers');
  });

  it('reports SYNPROXY that cannot work while connections are picked up, and nothing else', () => {
    expect(find(loose(1), synproxy).map(({ id, severity }) => ({ id, severity }))).toEqual([
      { id: 'synproxy-picks-up', severity: 'critical' },
    ]);
    expect(find(loose(1), synproxy)[0]?.remedies[0]).toMatchObject({
      id: 'no-pick-up',
      commands: ['sysctl -w net.netfilter.nf_conntrack_tcp_loose=0'],
    });
  });
});

describe('diagnose() of expected connections', () => {
  const expected = (connections: number) =>
    diagnose(
      samplesOf(`conntrack_entries 9\nconntrack_expectations ${connections}\nconntrack_expectations_limit 4096`),
    );

  it.each([
    [3071, []],
    [3072, [{ id: 'conntrack-expectations-full', severity: 'warning' }]],
    [4096, [{ id: 'conntrack-expectations-full', severity: 'critical' }]],
  ])('of 4096, with %d', (connections, findings) => {
    expect(expected(connections)).toMatchObject(findings);
    expect(expected(connections)).toHaveLength(findings.length);
  });

  it('raises their limit', () => {
    expect(expected(4096)[0]?.remedies[0]).toMatchObject({
      id: 'more-expectations',
      commands: ['sysctl -w net.netfilter.nf_conntrack_expect_max=16384'],
      undo: ['sysctl -w net.netfilter.nf_conntrack_expect_max=4096'],
    });
  });
});

describe('diagnose() of connections of a host to itself', () => {
  const offered = (address: string) => {
    const flows = `protocol="tcp",address="${address}",port="6379",zone="0"`;
    const [finding] = diagnose(
      samplesOf(`conntrack_entries 950\nconntrack_entries_limit 1000
        conntrack_destination_entries{${flows}} 900
        conntrack_destination_unreplied_entries{${flows}} 0
        conntrack_destination_translated_entries{${flows}} 0
        conntrack_destination_verdict{${flows},verdict="two_way"} 1`),
    );
    return finding?.remedies.map(({ id }) => id);
  };

  it('offers not to track them', () => {
    expect(offered('127.0.0.1')).toContain('notrack-iptables');
    expect(offered('::1')).toContain('notrack-nftables');
    expect(offered('198.51.100.10')).not.toContain('notrack-iptables');
  });
});
