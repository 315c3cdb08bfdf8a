import { describe, expect, it, vi } from 'vitest';
import { createConntrackTable } from '../../src/collectors/conntrack-table/conntrack-table.ts';
import { defaultSettings } from '../../src/collectors/index.ts';
import { createOpenStack } from '../../src/collectors/openstack.ts';
import type { Host } from '../../src/host/host.ts';
import { render } from '../../src/http/exposition.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { createHost, type Machine, systemError } from '../machine.ts';
import { computeNodes, domainFiles } from '../openstack/compute-node.ts';

async function collect(machine: Machine): Promise<string[]> {
  return await show(createOpenStack().collector.collect(createHost(machine)));
}

async function show(samples: Promise<readonly Sample[]>): Promise<string[]> {
  const text = await render(await samples, 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.endsWith(' 0'));
}

function sourcesOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /source="(.*)"/.exec(line)?.[1] ?? []);
}

describe('openstack.collect()', () => {
  it.each([
    ['hybrid', ['iptables', 'openvswitch', 'libvirt'], ['conntrack_zones{driver="iptables",owner="port"} 2']],
    ['openvswitch', ['openvswitch', 'libvirt'], ['conntrack_zones{driver="openvswitch",owner="network"} 1']],
    [
      'ovn',
      ['openvswitch', 'libvirt'],
      ['conntrack_zones{driver="ovn",owner="port"} 2', 'conntrack_zones{driver="ovn",owner="none"} 5'],
    ],
  ] as const)('%s', async (driver, sources, zones) => {
    const lines = await collect(computeNodes[driver]);
    expect(sourcesOf(lines)).toEqual(sources);
    expect(lines.slice(sources.length)).toEqual([...zones, 'conntrack_zone_ports{vm="yes",zone="yes"} 2']);
  });

  it('gives the limit of each zone that Open vSwitch tracks', async () => {
    const uuid = (name: string) => ['uuid', name];
    const limited = {
      rows: [{ datapaths: ['map', [['system', uuid('kernel')]]] }],
      datapaths: [{ _uuid: uuid('kernel'), ct_zone_default_limit: 1000, ct_zones: ['map', [[6, uuid('large')]]] }],
      zones: [{ _uuid: uuid('large'), limit: 5000 }],
    };
    const answer = JSON.parse(computeNodes.ovn.openVSwitch);
    const more = [limited.rows, limited.datapaths, limited.zones].map((rows) => ({ rows }));
    const openVSwitch = JSON.stringify({ ...answer, result: [...answer.result.slice(0, 3), ...more] });
    const lines = await collect({ ...computeNodes.ovn, rawTables: computeNodes.hybrid.rawTables, openVSwitch });
    const limits = lines.filter((line) => line.startsWith('conntrack_zone_entries_limit'));
    expect(limits).toContain('conntrack_zone_entries_limit{zone="6"} 5000');
    expect(limits).toContain('conntrack_zone_entries_limit{zone="default"} 1000');
    expect(limits).toHaveLength(8);
    expect(limits.join()).not.toContain('zone="4097"');
  });

  it('gives no limit of a zone that has none by its own, whatever the default', async () => {
    const zoneLimits = [
      { zone: 'default', limit: 1000, entries: 0 },
      { zone: 6, limit: 0, entries: 2000 },
    ] as const;
    const lines = await collect({ openVSwitch: computeNodes.ovn.openVSwitch, zoneLimits });
    const limits = lines.filter((line) => line.startsWith('conntrack_zone_entries_limit'));
    expect(limits).toHaveLength(7);
    expect(limits.join()).not.toContain('zone="6"');
  });

  it.each(['with a database of Open vSwitch', 'without'])(
    'gives the limits that the kernel holds to, %s',
    async (which) => {
      const zoneLimits = [
        { zone: 'default', limit: 1000, entries: 0 },
        { zone: 6, limit: 5000, entries: 20 },
        { zone: 9, limit: 0, entries: 20 },
      ] as const;
      const { openVSwitch } = computeNodes.ovn;
      const machine = which === 'without' ? { zoneLimits } : { openVSwitch, zoneLimits };
      const lines = await collect(machine);
      const limits = lines.filter((line) => line.startsWith('conntrack_zone_entries_limit'));
      expect(limits).toContain('conntrack_zone_entries_limit{zone="6"} 5000');
      expect(limits).toContain('conntrack_zone_entries_limit{zone="default"} 1000');
      expect(limits).toHaveLength(which === 'without' ? 2 : 8);
      expect(sourcesOf(lines)).toEqual(which === 'without' ? ['ovs_ct_limit'] : ['openvswitch', 'ovs_ct_limit']);
    },
  );

  it('exports how many ports have no zone, as those without port security, or no virtual machine that is known', async () => {
    const { rawTables } = computeNodes.hybrid;
    const withoutFirst = rawTables.replaceAll(/^.*1a2b3c4d-5e.*\n/gm, '');
    expect(await collect({ files: domainFiles, rawTables: withoutFirst })).toEqual([
      'lvs_exporter_source_info{collector="openstack",source="iptables"} 1',
      'lvs_exporter_source_info{collector="openstack",source="libvirt"} 1',
      'conntrack_zones{driver="iptables",owner="port"} 1',
      'conntrack_zone_ports{vm="yes",zone="yes"} 1',
      'conntrack_zone_ports{vm="yes",zone="no"} 1',
    ]);
    expect(await collect({ rawTables })).toContain('conntrack_zone_ports{vm="no",zone="yes"} 2');
  });

  it('is absent from a machine without OpenStack', async () => {
    await expect(collect({})).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(collect({ rawTables: '*raw\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n' })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('reads the definitions of domains where no states are kept', async () => {
    const files = Object.fromEntries(
      Object.entries(domainFiles).map(([path, text]) => [path.replace('/run/', '/etc/'), text]),
    );
    expect(await collect({ ...computeNodes.ovn, files })).toContain('conntrack_zone_ports{vm="yes",zone="yes"} 2');
  });

  it('counts files of libvirt that cannot be parsed, and reads the others', async () => {
    const files = { ...domainFiles, '/run/libvirt/qemu/bad.xml': '<domain>', '/run/libvirt/qemu/driver.pid': '7' };
    expect((await collect({ ...computeNodes.hybrid, files })).slice(-2)).toEqual([
      'conntrack_zone_ports{vm="yes",zone="yes"} 2',
      'conntrack_zone_unread_domains 1',
    ]);
  });

  it('takes no notice of a domain that ended in between', async () => {
    const host = createHost(computeNodes.hybrid);
    const listDirectory = async (path: string) => [...(await host.listDirectory(path)), 'gone.xml'];
    const lines = await show(createOpenStack().collector.collect({ ...host, listDirectory }));
    expect(lines.at(-1)).toBe('conntrack_zone_ports{vm="yes",zone="yes"} 2');
  });

  it.each([
    ['rawTables', 'EACCES'],
    ['openVSwitch', 'EACCES'],
    ['openVSwitch', '{'],
    ['listDirectory', 'EACCES'],
    ['readParts', 'EACCES'],
  ] as const)('fails with %s: %s, and continues with what the others have', async (method, answer) => {
    const { collector, findOwner } = createOpenStack();
    const fault = async () => {
      if (answer === 'EACCES') throw systemError(answer, method);
      return answer;
    };
    const host = createHost({ ...computeNodes.ovn, rawTables: computeNodes.hybrid.rawTables });
    await expect(collector.collect({ ...host, [method]: fault })).rejects.toThrow(/EACCES|Open vSwitch: Cannot parse/);
    const zone = method === 'openVSwitch' ? 4097 : 6;
    expect((await findOwner())({ address: '203.0.113.80', zone })?.port.device).toBe('tap1a2b3c4d-5e');
  });
});

const flows = `ipv4     2 tcp      6 113 SYN_SENT src=198.51.100.7 dst=203.0.113.80 sport=58642 dport=80 [UNREPLIED] src=203.0.113.80 dst=198.51.100.7 sport=80 dport=58642 mark=0 zone=4097 use=2
ipv4     2 udp      17 29 src=198.51.100.7 dst=10.0.0.11 sport=5000 dport=53 [UNREPLIED] src=10.0.0.11 dst=198.51.100.7 sport=53 dport=5000 mark=0 zone=0 use=2
ipv4     2 udp      17 29 src=198.51.100.7 dst=203.0.113.80 sport=5000 dport=53 [UNREPLIED] src=203.0.113.80 dst=198.51.100.7 sport=53 dport=5000 mark=0 zone=0 use=2
`;
const settings = '/proc/sys/net/netfilter/nf_conntrack_';
const machine: Machine = {
  ...computeNodes.hybrid,
  files: { ...domainFiles, [`${settings}count`]: '3\n', [`${settings}max`]: '1000\n' },
  flows,
};

describe('conntrack_destination_info', () => {
  async function infos(host: Host, findOwner = createOpenStack().findOwner): Promise<string[]> {
    const lines = await show(createConntrackTable(defaultSettings.table, findOwner).collect(host));
    return lines.filter((line) => line.startsWith('conntrack_destination_info'));
  }
  const vm =
    'port_id="1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d",device="tap1a2b3c4d-5e",domain="instance-0000002a",vm="director-1",vm_id="3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01",project="web shop",project_id="512866f9994f4ad8916d8539a7cdeec9"';

  it('names port, virtual machine and project of each destination that is known', async () => {
    const { collector, findOwner } = createOpenStack();
    const host = createHost(machine);
    await collector.collect(host);
    expect(await infos(host, findOwner)).toEqual([
      `conntrack_destination_info{protocol="tcp",address="203.0.113.80",port="80",zone="4097",${vm},evidence="zone"} 1`,
      `conntrack_destination_info{protocol="udp",address="10.0.0.11",port="53",zone="0",${vm},evidence="address"} 1`,
    ]);
  });

  it('is absent unless configured', async () => {
    expect(await infos(createHost(machine))).toEqual([]);
  });

  it('waits for the first answer, and not for the next ones', async () => {
    const { collector, findOwner } = createOpenStack();
    const host = createHost(machine);
    const first = collector.collect(host);
    expect(await infos(host, findOwner)).toHaveLength(2);
    await first;
    void collector.collect({ ...host, rawTables: () => new Promise(() => undefined) });
    expect(await infos(host, findOwner)).toHaveLength(2);
  });

  it('does not wait for ever', async () => {
    vi.useFakeTimers();
    const { collector, findOwner } = createOpenStack();
    const host = createHost(machine);
    void collector.collect({ ...host, rawTables: () => new Promise(() => undefined) });
    const scan = infos(host, findOwner);
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    expect(await scan).toEqual([]);
  });

  it('keeps what it has when a run was aborted', async () => {
    const { collector, findOwner } = createOpenStack();
    await collector.collect(createHost(machine));
    const aborted = collector.collect(createHost(computeNodes.ovn), AbortSignal.abort(new Error('No answer')));
    await expect(aborted).rejects.toThrow('No answer');
    expect(await infos(createHost(machine), findOwner)).toHaveLength(2);
  });

  it('forgets what is no longer so', async () => {
    const { collector, findOwner } = createOpenStack();
    await collector.collect(createHost(machine));
    const moved = machine.rawTables?.toString().replaceAll('--zone 4097', '--zone 4111') ?? '';
    await collector.collect(createHost({ ...machine, rawTables: moved }));
    expect(await infos(createHost(machine), findOwner)).toEqual([expect.stringContaining('zone="0"')]);
  });
});

describe('a host with 10,000 ports', () => {
  const stems = Array.from({ length: 10_000 }, (_, index) => `${index.toString(16).padStart(8, '0')}-ff`);
  const rule = (stem: string, index: number) =>
    `-A PREROUTING -m physdev --physdev-in tap${stem} -j CT --zone ${index + 1}\n`;
  const domain = (stem: string) =>
    `<domain><name>i-${stem}</name><uuid>u-${stem}</uuid><devices><interface><mac address="fa:16:3e:00:00:01"/><target dev="tap${stem}"/></interface></devices></domain>`;

  it('is read, and each zone found', async () => {
    const files = Object.fromEntries(stems.map((stem) => [`/run/libvirt/qemu/${stem}.xml`, domain(stem)]));
    const { collector, findOwner } = createOpenStack();
    await collector.collect(createHost({ files, rawTables: stems.map(rule).join('') }));
    const find = await findOwner();
    const names = stems.map((_, index) => find({ address: '203.0.113.80', zone: index + 1 })?.port.domain?.name);
    expect(names).toEqual(stems.map((stem) => `i-${stem}`));
  });
});
