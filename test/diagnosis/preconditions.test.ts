import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { RemedyId } from '../../src/diagnosis/remedies/index.ts';
import { samplesOf } from './samples.ts';

const flows = 'protocol="tcp",address="10.0.0.100",port="80",zone="0"';
const table = `conntrack_entries 9500
  conntrack_entries_limit 10000
  conntrack_buckets 16384
  conntrack_timeout_seconds{protocol="tcp",state="syn_sent"} 120
  conntrack_destination_entries{${flows}} 9000
  conntrack_destination_unreplied_entries{${flows}} 9000
  conntrack_destination_verdict{${flows},verdict="direct_return"} 1`;

function remedies(...more: readonly string[]) {
  return diagnose(samplesOf(table, ...more))[0]?.remedies ?? [];
}

function offered(...more: readonly string[]): RemedyId[] {
  return remedies(...more).map(({ id }) => id);
}

describe('a remedy whose precondition fails is not offered', () => {
  it.each<[RemedyId, string]>([
    ['notrack-iptables', 'prerequisites_tool_installed{tool="iptables"} 0'],
    ['notrack-nftables', 'prerequisites_tool_installed{tool="nft"} 0'],
    ['notrack-iptables', `conntrack_destination_translated_entries{${flows}} 9000`],
    ['notrack-nftables', `conntrack_destination_translated_entries{${flows}} 1`],
    ['notrack-iptables', 'firewall_forward_drops_untracked_info{tool="iptables",chain="filter FORWARD"} 1'],
    ['notrack-nftables', 'firewall_forward_drops_untracked_info{tool="nft",chain="inet firewall forward"} 1'],
    ['unreplied-timers', 'prerequisites_sysctl_writable 0'],
    ['larger-table', 'prerequisites_sysctl_writable 0'],
  ])('%s with %s', (id, fault) => {
    expect(offered()).toContain(id);
    expect(offered(fault)).not.toContain(id);
  });
});

it.each([
  'firewall_forward_drops_untracked_info{tool="ip6tables",chain="filter FORWARD"} 1',
  'firewall_forward_drops_untracked_info{tool="nft",chain="ip6 firewall forward"} 1',
])('a chain for the other family does not count: %s', (chain) => {
  expect(offered(chain)).toEqual(offered());
});

it('a larger table is set in the namespace of the host, which has its limit', () => {
  const [larger] = remedies('lvs_host_network_namespace 0').filter(({ id }) => id === 'larger-table');
  expect(larger?.commands.every((command) => command.startsWith('nsenter --target 1 --net '))).toBe(true);
});

describe('a precondition', () => {
  const checks = (...more: readonly string[]) =>
    remedies(...more)
      .find(({ id }) => id === 'notrack-iptables')
      ?.checkFirst.map(({ id }) => id);

  it('that cannot be known must be checked first', () => {
    expect(checks()).toEqual(['no-nat', 'stateless-firewall']);
  });

  it('that is met is not', () => {
    expect(checks(`conntrack_destination_translated_entries{${flows}} 0`)).toEqual(['stateless-firewall']);
  });
});

describe('what keeps a remedy over a restart', () => {
  const larger = (...more: readonly string[]) => remedies(...more).find(({ id }) => id === 'larger-table');

  it('is a file for sysctl, and the module that must be loaded first', () => {
    expect(larger()?.persistent).toMatchObject([
      { file: '/etc/sysctl.d/90-lvs-exporter.conf' },
      { file: '/etc/modules-load.d/nf_conntrack.conf', lines: ['nf_conntrack'] },
    ]);
  });

  it('is the configuration of the program that sets it', () => {
    const kubernetes = 'prerequisites_setting_owner_running{owner="kube-proxy"} 1';
    expect(larger(kubernetes)?.persistent).toMatchObject({ none: expect.stringContaining('kube-proxy') });
  });
});
