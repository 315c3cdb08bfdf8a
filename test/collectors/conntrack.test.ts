import { describe, expect, it } from 'vitest';
import { conntrack } from '../../src/collectors/conntrack.ts';
import { render } from '../../src/http/exposition.ts';
import { listSamples } from '../../src/scrape/columns.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { PartialFailure } from '../../src/scrape/partial-failure.ts';
import { createHost, type Machine, systemError } from '../machine.ts';

const settings = '/proc/sys/net/netfilter';

const machine: Machine = {
  files: {
    [`${settings}/nf_conntrack_count`]: '5109\n',
    [`${settings}/nf_conntrack_max`]: '16384\n',
    [`${settings}/nf_conntrack_buckets`]: '16384\n',
    [`${settings}/nf_conntrack_expect_max`]: '1024\n',
    [`${settings}/nf_conntrack_tcp_loose`]: '1\n',
    [`${settings}/nf_conntrack_events`]: '2\n',
    [`${settings}/nf_conntrack_tcp_timeout_syn_sent`]: '120\n',
    [`${settings}/nf_conntrack_udp_timeout`]: '30\n',
    [`${settings}/nf_conntrack_udp_timeout_stream`]: '120\n',
    [`${settings}/nf_conntrack_sctp_timeout_shutdown_ack_sent`]: '3\n',
    [`${settings}/nf_flowtable_tcp_timeout`]: '30\n',
    [`${settings}/nf_log/0`]: 'NONE\n',
    [`${settings}/nf_hooks_lwtunnel`]: '0\n',
    '/proc/net/stat/nf_conntrack': `entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
000013f5  00000001 00000002 00000000 0000b136 00000000 00000000 00000003 0000000d 00000005 00000006 00000007 00000008  00000000 00000009 00000000 0000000c
000013f5  00000000 00000000 00000000 ffffffff 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000  00000000 00000000 00000004 00000000
`,
  },
};

async function collect(one: Machine): Promise<string[]> {
  return await linesOf(await conntrack.collect(createHost(one)));
}

async function linesOf(samples: readonly Sample[]): Promise<string[]> {
  const text = await render(samples, 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('conntrack.collect()', () => {
  it('gives the count, the limit, every timeout and setting, and the counters of each CPU', async () => {
    expect((await collect(machine)).sort()).toEqual(
      [
        'lvs_exporter_source_info{collector="conntrack",source="sysctl"} 1',
        'lvs_exporter_source_info{collector="conntrack",source="procfs"} 1',
        'conntrack_entries 5109',
        'conntrack_entries_limit 16384',
        'conntrack_buckets 16384',
        'conntrack_expectations 5',
        'conntrack_expectations_limit 1024',
        'conntrack_setting{name="tcp_loose"} 1',
        'conntrack_setting{name="events"} 2',
        'conntrack_timeout_seconds{protocol="tcp",state="syn_sent"} 120',
        'conntrack_timeout_seconds{protocol="udp",state=""} 30',
        'conntrack_timeout_seconds{protocol="udp",state="stream"} 120',
        'conntrack_timeout_seconds{protocol="sctp",state="shutdown_ack_sent"} 3',
        'conntrack_timeout_seconds{protocol="tcp",state="offload"} 30',
        'conntrack_found_total{cpu="0"} 2',
        'conntrack_found_total{cpu="1"} 0',
        'conntrack_invalid_total{cpu="0"} 45366',
        'conntrack_invalid_total{cpu="1"} 4294967295',
        'conntrack_insert_failed_total{cpu="0"} 5',
        'conntrack_insert_failed_total{cpu="1"} 0',
        'conntrack_drop_total{cpu="0"} 6',
        'conntrack_drop_total{cpu="1"} 0',
        'conntrack_early_drop_total{cpu="0"} 7',
        'conntrack_early_drop_total{cpu="1"} 0',
        'conntrack_error_total{cpu="0"} 8',
        'conntrack_error_total{cpu="1"} 0',
        'conntrack_search_restart_total{cpu="0"} 12',
        'conntrack_search_restart_total{cpu="1"} 0',
        'conntrack_clash_resolved_total{cpu="0"} 1',
        'conntrack_clash_resolved_total{cpu="1"} 0',
        'conntrack_chain_too_long_total{cpu="0"} 3',
        'conntrack_chain_too_long_total{cpu="1"} 0',
      ].sort(),
    );
  });

  it('leaves out the counters that a kernel does not have: 5.4 counts neither clashes nor long chains', async () => {
    const text = `entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
00000001  00000000 00000000 00000000 00000001 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000  00000000 00000000 00000000 00000000
`;
    const lines = await collect({ files: { ...machine.files, '/proc/net/stat/nf_conntrack': text } });
    expect(lines.filter((line) => line.includes('_total{')).map((line) => line.split('{')[0])).toEqual([
      'conntrack_found_total',
      'conntrack_invalid_total',
      'conntrack_insert_failed_total',
      'conntrack_drop_total',
      'conntrack_early_drop_total',
      'conntrack_error_total',
      'conntrack_search_restart_total',
    ]);
  });

  describe('where the kernel has no counters in /proc (CONFIG_NF_CONNTRACK_PROCFS)', () => {
    const { '/proc/net/stat/nf_conntrack': _counters, ...files } = machine.files ?? {};

    it('has them over netlink, and reports it', async () => {
      const counters = [{ cpu: 3, counters: new Map([['invalid', 7]]) }];
      const lines = await collect({ files, counters });
      expect(lines.filter((line) => /_total|_info/.test(line))).toEqual([
        'lvs_exporter_source_info{collector="conntrack",source="sysctl"} 1',
        'lvs_exporter_source_info{collector="conntrack",source="netlink"} 1',
        'conntrack_invalid_total{cpu="3"} 7',
      ]);
    });

    it('serves the rest without the privilege for that', async () => {
      const lines = await collect({ files });
      expect(lines).toContain('conntrack_entries 5109');
      expect(lines.filter((line) => /_total|_info/.test(line))).toEqual([
        'lvs_exporter_source_info{collector="conntrack",source="sysctl"} 1',
      ]);
    });
  });

  it.each([
    ['the module is not loaded', { [`${settings}/nf_log/0`]: 'NONE\n' }],
    ['the kernel has no netfilter', {}],
  ])('is absent where %s', async (_what, files) => {
    await expect(collect({ files })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('loses a setting that is odd or cannot be read, and nothing else', async () => {
    const lines = await collect({ files: machine.files ?? {} });
    const files = {
      ...machine.files,
      [`${settings}/nf_conntrack_max`]: '262144',
      [`${settings}/nf_conntrack_count`]: 'many\n',
      [`${settings}/nf_conntrack_buckets`]: systemError('EIO', 'read'),
      [`${settings}/nf_conntrack_tcp_timeout_syn_sent`]: systemError('EACCES', 'open'),
    };
    const lost = /^conntrack_(entries|entries_limit|buckets) |state="syn_sent"/;
    const failure = await conntrack.collect(createHost({ files })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartialFailure);
    const { samples, cause } = failure as PartialFailure;
    expect(await linesOf(listSamples(samples))).toEqual(lines.filter((line) => !lost.test(line)));
    expect(cause.message).toBe('EIO: read');
  });

  it('has a setting beyond 2^53, rounded', async () => {
    const files = { ...machine.files, [`${settings}/nf_conntrack_max`]: '18446744073709551615\n' };
    expect(await collect({ files })).toContain('conntrack_entries_limit 18446744073709552000');
  });
});
