import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { remedyOf, samplesOf } from './samples.ts';

const running = (owner: string) => `prerequisites_setting_owner_running{owner="${owner}"} 1`;
const flows = 'protocol="tcp",address="198.51.100.10",port="80",zone="0"';
const full = `conntrack_entries 900
  conntrack_entries_limit 1000
  conntrack_buckets 1024
  conntrack_destination_entries{${flows}} 900
  conntrack_destination_unreplied_entries{${flows}} 900
  conntrack_destination_verdict{${flows},verdict="direct_return"} 1`;

/** A table that one state of TCP fills. */
const mostly = (state: string, seconds: number) => `conntrack_entries 900
  conntrack_entries_limit 1000
  conntrack_timeout_seconds{protocol="tcp",state="${state.toLowerCase()}"} ${seconds}
  conntrack_table_entries{protocol="tcp",state="${state}",replied="yes"} 900`;

const keep = (text: string, id: Parameters<typeof remedyOf>[1]) =>
  remedyOf(diagnose(samplesOf(text))[0], id).persistent;

describe('with kube-proxy', () => {
  it.each([
    ['CLOSE_WAIT', 3600, 'conntrack.tcpCloseWaitTimeout'],
    ['TIME_WAIT', 120, undefined],
  ])('the timer of %s is kept where it is set', (state, seconds, field) => {
    const persistent = keep(`${mostly(state, seconds)}\n${running('kube-proxy')}`, 'state-timer');
    expect('none' in persistent ? persistent.none : undefined).toEqual(
      field === undefined ? undefined : expect.stringContaining(field),
    );
  });

  it('another program changes nothing', () => {
    expect(keep(`${mostly('CLOSE_WAIT', 3600)}\n${running('dockerd')}`, 'state-timer')).toHaveLength(2);
  });
});

describe('CLOSE_WAIT of one hour, which kube-proxy sets', () => {
  const table = (waiting: number) => `conntrack_entries ${waiting}\nconntrack_entries_limit 1000
    conntrack_timeout_seconds{protocol="tcp",state="close_wait"} 3600
    conntrack_table_entries{protocol="tcp",state="CLOSE_WAIT",replied="yes",assured="yes"} ${waiting}`;
  const kubeProxyIpvs = 'lvs_platform_info{kube_proxy="ipvs"} 1';

  it.each([
    ['few entries', [table(99), kubeProxyIpvs], []],
    ['few entries of kube-proxy in another mode', [table(99), running('kube-proxy')], []],
    ['many entries', [table(100), kubeProxyIpvs], ['long-timeouts']],
    ['few entries without kube-proxy', [table(99)], ['long-timeouts']],
    ['a longer timer', [table(99).replace('3600', '7200'), kubeProxyIpvs], ['long-timeouts']],
  ])('%s', (_, texts, expected) => {
    expect(diagnose(samplesOf(...texts)).map(({ id }) => id)).toEqual(expected);
  });

  it('is changed in the configuration of kube-proxy', () => {
    const persistent = keep(`${table(100)}\n${kubeProxyIpvs}`, 'default-timers');
    expect('none' in persistent && persistent.none).toContain('--conntrack-tcp-timeout-close-wait');
  });
});

describe('with firewalld', () => {
  it('a rule of iptables is kept in its file', () => {
    expect(keep(`${full}\n${running('firewalld')}`, 'limit-destination-iptables')).toEqual([
      {
        file: '/etc/firewalld/direct.xml',
        where: 'below <direct>',
        lines: [
          '<rule ipv="ipv4" table="mangle" chain="PREROUTING" priority="0">-d 198.51.100.10/32 -p tcp --dport 80 -m conntrack --ctstate NEW -m connlimit --connlimit-above 500 --connlimit-mask 32 --connlimit-daddr -j DROP</rule>',
        ],
      },
    ]);
  });

  it('rules of nftables and settings are kept as on any machine', () => {
    for (const id of ['limit-destination-nftables', 'larger-table'] as const) {
      expect(keep(`${full}\n${running('firewalld')}`, id)).toEqual(keep(full, id));
    }
  });
});

describe('with a file that sets the same', () => {
  const file = (path: string, manager = '') =>
    `prerequisites_setting_file_info{setting="net.netfilter.nf_conntrack_max",file="${path}",manager="${manager}"} 1`;
  const files = (more: string) => {
    const persistent = keep(`${full}\n${more}`, 'larger-table');
    return 'none' in persistent ? [] : persistent.map(({ lines: _, ...rest }) => rest);
  };
  const modules = { file: '/etc/modules-load.d/nf_conntrack.conf' };
  const own = { file: '/etc/sysctl.d/90-lvs-exporter.conf' };

  it.each(['/etc/sysctl.d/50-tuning.conf', '/usr/lib/sysctl.d/90-a.conf', '/etc/sysctl.d/90-lvs-exporter.conf'])(
    '%s, a file of our own wins',
    (path) => {
      expect(files(file(path))).toEqual([own, modules]);
    },
  );

  it.each(['/etc/sysctl.d/99-tripleo.conf', '/etc/sysctl.conf', '/etc/ufw/sysctl.conf'])(
    '%s, the setting is changed there, and the others in ours',
    (path) => {
      expect(files(file(path))).toEqual([own, { file: path, replaces: true }, modules]);
    },
  );

  it('by a tool, its name is given', () => {
    expect(files(file('/etc/sysctl.conf', 'ansible'))).toContainEqual({
      file: '/etc/sysctl.conf',
      replaces: true,
      manager: 'ansible',
    });
  });
});
