import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { samplesOf } from './samples.ts';

const find = (now: string, before = '') => diagnose(samplesOf(now), samplesOf(before));
const setting = (device: string, name: string, value: number) =>
  `network_interface_setting{interface="${device}",name="${name}"} ${value}\n`;

describe('diagnose() of the reverse path filter', () => {
  const filtered = (
    packets: number,
  ) => `${setting('all', 'rp_filter', 0)}${setting('eth0', 'rp_filter', 1)}${setting('eth1', 'rp_filter', 2)}
    network_reverse_path_filtered_total ${packets}`;

  it('reports nothing as long as it drops nothing', () => {
    expect(find(filtered(7), filtered(7))).toEqual([]);
  });

  it('names the interfaces where it is strict', () => {
    expect(find(filtered(19), filtered(7))).toMatchObject([
      {
        id: 'reverse-path-drops',
        severity: 'warning',
        numbers: { filteredPackets: 12 },
        details: { strictInterfaces: ['eth0'] },
        remedies: [
          {
            commands: ['sysctl -w net.ipv4.conf.all.rp_filter=2'],
            undo: ['sysctl -w net.ipv4.conf.all.rp_filter=0'],
          },
        ],
      },
    ]);
  });
});

it('quotes a device that a shell would obey, where each one is changed by its name', () => {
  const hostile = 'x;$(id)';
  const calico = 'prerequisites_setting_owner_running{owner="calico"} 1\n';
  const filtered = (packets: number) =>
    `${calico}${setting('all', 'rp_filter', 0)}${setting(hostile, 'rp_filter', 1)}network_reverse_path_filtered_total ${packets}`;
  expect(find(filtered(19), filtered(7))).toMatchObject([
    {
      remedies: [
        {
          commands: ["sysctl -w 'net.ipv4.conf.x;$(id).rp_filter=2'"],
          undo: ["sysctl -w 'net.ipv4.conf.x;$(id).rp_filter=1'"],
          persistent: [{ lines: ['net.ipv4.conf.x;$(id).rp_filter = 2'] }],
        },
      ],
    },
  ]);
});

describe('diagnose() of a real server', () => {
  const hidden = 'network_hidden_address_info{address="10.0.0.100",interface="eth0"} 1\n';
  const arp = (device: string, ignore: number, announce: number) =>
    setting(device, 'arp_ignore', ignore) + setting(device, 'arp_announce', announce);

  it.each([
    ['for all', arp('all', 1, 2) + arp('eth0', 0, 0)],
    ['for the interface', arp('all', 0, 0) + arp('eth0', 1, 2)],
  ])('that keeps quiet %s', (_what, settings) => {
    expect(find(hidden + settings)).toEqual([]);
  });

  it('that announces the address of the director', () => {
    expect(find(hidden + arp('all', 0, 0) + arp('eth0', 1, 1))).toMatchObject([
      {
        id: 'answers-arp',
        subject: { address: '10.0.0.100', interface: 'eth0' },
        details: { settings: [{ name: 'arp_announce', presentSetting: 1, neededSetting: 2 }] },
        remedies: [
          {
            commands: ['sysctl -w net.ipv4.conf.all.arp_announce=2'],
            undo: ['sysctl -w net.ipv4.conf.all.arp_announce=0'],
          },
        ],
      },
    ]);
    expect(find(hidden + arp('all', 0, 0) + arp('eth0', 0, 0))[0]?.remedies[0]?.commands).toHaveLength(2);
  });

  const instance = 'instance_name="VI_1",interface="eth0",vrid="51",family="ipv4"';
  const inState = (master: number) => `keepalived_vrrp_state{${instance},state="master"} ${master}\n`;
  const service = (labels: string) => `ipvs_virtual_server_info{${labels},scheduler="wlc"} 1\n`;
  const ownService = service('protocol="tcp",address="10.0.0.100",port="80",fwmark=""');
  const bound = `keepalived_vrrp_address_bound{${instance},address="10.0.0.100"} 1\n`;
  const elsewhere = `keepalived_vrrp_address_elsewhere_info{${instance},address="10.0.0.100",device="lo"} 1\n`;

  it.each([
    ['as master', bound + inState(1) + ownService, []],
    ['as master of an address that lo has as well', elsewhere + inState(1), []],
    ['as backup, with the address as a real server', elsewhere + inState(0) + ownService, ['answers-arp']],
    ['without VRRP', ownService, []],
    ['of firewall marks without VRRP', service('protocol="",address="",port="",fwmark="7"'), []],
    ['of another address', service('protocol="tcp",address="10.0.0.200",port="80",fwmark=""'), ['answers-arp']],
  ])('that is the director, %s', (_what, samples, expected) => {
    expect(find(hidden + arp('all', 0, 0) + arp('eth0', 0, 0) + samples).map(({ id }) => id)).toEqual(expected);
  });
});

describe('diagnose() of a director that masquerades', () => {
  const masqueraded = (forward: string) =>
    `ipvs_real_server_weight{protocol="tcp",address="10.0.0.100",port="80",fwmark="",real_address="10.0.0.11",real_port="80",forward="${forward}"} 1\n`;
  const forwarding = (value: number) => `network_setting{name="ipv4.ip_forward"} ${value}\n`;
  const redirects = setting('all', 'send_redirects', 0) + setting('eth0.7', 'send_redirects', 1);

  it('and does not forward', () => {
    expect(find(masqueraded('masquerade') + forwarding(0))).toMatchObject([
      { id: 'does-not-forward', severity: 'critical' },
    ]);
    expect(find(masqueraded('direct') + forwarding(0))).toEqual([]);
  });

  it('and sends redirects', () => {
    expect(find(masqueraded('masquerade') + forwarding(1) + redirects)).toMatchObject([
      {
        id: 'sends-redirects',
        severity: 'info',
        remedies: [{ commands: ['sysctl -w net/ipv4/conf/eth0.7/send_redirects=0'] }],
      },
    ]);
    expect(find(masqueraded('direct') + forwarding(1) + redirects)).toEqual([]);
  });
});

describe('diagnose() of the firewall', () => {
  const web = 'protocol="tcp",address="10.0.0.100",port="80",zone="0"';
  const rules = (dropped: number, invalid: number) => `
    conntrack_entries 10
    conntrack_entries_limit 65536
    conntrack_buckets 65536
    conntrack_destination_entries{${web}} 9
    conntrack_destination_unreplied_entries{${web}} 9
    conntrack_destination_verdict{${web},verdict="direct_return"} 1
    conntrack_invalid_total{cpu="0"} ${invalid}
    firewall_invalid_drop_rule_info{chain="filter FORWARD"} 1
    firewall_invalid_drop_packets_total{chain="filter FORWARD"} ${dropped}`;
  const ids = (dropped: number, invalid: number) => find(rules(dropped, invalid), rules(0, 0)).map(({ id }) => id);

  it('that drops INVALID packets', () => {
    expect(ids(10, 10)).toEqual(['invalid-dropped', 'conntrack-asymmetric-flows']);
  });

  it('that drops few of them, or none', () => {
    expect([ids(4, 10), ids(0, 10)]).toEqual([['conntrack-asymmetric-flows'], ['conntrack-asymmetric-flows']]);
  });

  it('that keeps an address out of connection tracking', () => {
    const rule = 'firewall_notrack_rule_info{protocol="tcp",address="10.0.0.100",port="80"} 1';
    expect(find(rule)).toMatchObject([
      {
        id: 'not-tracked',
        severity: 'info',
        subject: { destination: { protocol: 'tcp', address: '10.0.0.100', port: '80' } },
        numbers: { remainingEntries: 0 },
        remedies: [],
      },
    ]);
  });
});
