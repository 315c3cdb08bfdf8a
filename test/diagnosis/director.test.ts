import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { describeFinding } from '../../src/diagnosis/text/index.ts';
import { inShort, samplesOf } from './samples.ts';

const web = 'protocol="tcp",address="10.0.0.100",port="80",fwmark=""';
const web6 = 'protocol="tcp",address="fd00::100",port="80",fwmark=""';

function service(
  labels: string,
  realServers: readonly (readonly [address: string, weight: number])[],
  forward = 'direct',
) {
  const weights = realServers.map(
    ([address, weight]) =>
      `ipvs_real_server_weight{${labels},real_address="${address}",real_port="80",forward="${forward}"} ${weight}`,
  );
  const sum = realServers.reduce((total, [, weight]) => total + weight, 0);
  return `ipvs_virtual_server_real_servers{${labels}} ${realServers.length}
    ipvs_virtual_server_weight{${labels}} ${sum}
    ${weights.join('\n')}`;
}

const works = service(web, [
  ['10.0.0.11', 1],
  ['10.0.0.12', 1],
]);
const summary = (now: string, before?: string) =>
  diagnose(samplesOf(now), before === undefined ? undefined : samplesOf(before)).map(inShort);
const commands = (now: string, before?: string) =>
  diagnose(samplesOf(now), before === undefined ? undefined : samplesOf(before))[0]?.remedies[0]?.commands;

describe('diagnose() of virtual servers', () => {
  it('nothing if each has a real server', () => {
    expect(summary(works)).toEqual([]);
  });

  it('nothing of those without real servers, and of drained ones, where kube-proxy manages them', () => {
    const info =
      'lvs_platform_info{role="director",virtualization="kvm",platform="kvm",kernel="6.1",kube_proxy="ipvs"} 1';
    expect(summary(`${service(web, [])}\n${service(web6, [['fd00::11', 0]])}\n${info}`)).toEqual([]);
  });

  it.each([
    ['no real server', [], 'ipvs-service-without-real-servers'],
    ['only drained ones', [['10.0.0.11', 0]], 'ipvs-service-weight-zero'],
  ] as const)('one with %s', (_what, realServers, id) => {
    expect(summary(service(web, realServers))).toEqual([`critical ${id} tcp 10.0.0.100:80`]);
  });

  it("shows keepalived's log only where there is a keepalived", () => {
    const look = 'ipvsadm -L -n -t 10.0.0.100:80';
    expect(commands(service(web, []))).toEqual([look]);
    expect(commands(`${service(web, [])}\nkeepalived_up 1`)).toEqual([look, expect.stringContaining('journalctl')]);
  });

  it("shows ldirectord's log where it runs, also beside a keepalived for VRRP", () => {
    const info = 'lvs_platform_info{kube_proxy="",service_manager="ldirectord"} 1';
    const look = ['ipvsadm -L -n -t 10.0.0.100:80', 'tail -n 50 /var/log/ldirectord.log'];
    expect(commands(`${service(web, [])}\n${info}\nkeepalived_up 1`)).toEqual(look);
  });

  it.each([
    [
      'the fallback server',
      [
        ['10.0.0.11', 0],
        ['10.0.0.12', 0],
        ['127.0.0.1', 1],
      ],
      '',
      { fallback: '127.0.0.1:80' },
    ],
    [
      'a director that is one of two real servers, the other one drained',
      [
        ['10.0.0.11', 0],
        ['127.0.0.1', 1],
      ],
      '',
      undefined,
    ],
    ['the director as a real server', [['127.0.0.1', 1]], '', undefined],
    [
      'another real server as well',
      [
        ['10.0.0.11', 1],
        ['127.0.0.1', 1],
      ],
      '',
      undefined,
    ],
    [
      'the sorry server of keepalived',
      [
        ['10.0.0.11', 0],
        ['10.0.0.12', 0],
        ['127.0.0.1', 1],
      ],
      `keepalived_real_server_up{${web}} 0`,
      undefined,
    ],
  ] as const)('weight for %s', (_what, realServers, more, details) => {
    const findings = diagnose(samplesOf(`${service(web, realServers)}\n${more}`));
    const found = findings.find(({ id }) => id === 'ipvs-service-weight-zero');
    expect(found?.details).toEqual(details);
  });

  it('one with a name', () => {
    const info = `ipvs_virtual_server_info{${web},scheduler="rr",flags="",name="web shop"} 1`;
    expect(summary(`${service(web, [])}\n${info}`)).toEqual([
      'critical ipvs-service-without-real-servers web shop (10.0.0.100:80)',
    ]);
    const many = Array.from(
      { length: 9 },
      (_, index) => `protocol="udp",address="10.1.0.${index}",port="53",fwmark=""`,
    );
    const names = many.map((labels) => `ipvs_virtual_server_info{${labels},scheduler="rr",flags="",name="dns"} 1`);
    const [finding] = diagnose(samplesOf(...many.map((labels) => service(labels, [])), ...names));
    expect(finding?.group?.worst.map(({ service: one }) => one?.name)).toEqual(many.map(() => 'dns'));
  });

  it('four hundred with the same fault are one finding, with the ten that are found first', () => {
    const services = Array.from(
      { length: 400 },
      (_, index) => `protocol="tcp",address="10.1.${index >> 8}.${index & 255}",port="80",fwmark=""`,
    );
    const findings = diagnose(samplesOf(...services.map((labels) => service(labels, []))));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.group?.totalSubjects).toBe(400);
    expect(findings[0]?.group?.worst).toHaveLength(10);
    expect(findings[0]?.group?.worst[0]).toEqual(findings[0]?.subject);
    expect(findings[0] && describeFinding(findings[0]).evidence.at(-1)).toMatch(/ and 390 more$/);
  });

  it('three are findings of their own', () => {
    const services = [1, 2, 3].map((index) => `protocol="tcp",address="10.1.0.${index}",port="80",fwmark=""`);
    const findings = diagnose(samplesOf(...services.map((labels) => service(labels, []))));
    expect(findings.map(({ group }) => group)).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ['run_estimation=0', 'ipvs_setting{name="run_estimation"} 0', 'net.ipv4.vs.run_estimation', ['count-again']],
    [
      'an empty est_cpulist, by the counters that netlink lacks',
      'lvs_exporter_source_info{collector="ipvs",source="netlink"} 1',
      'net.ipv4.vs.est_cpulist',
      [],
    ],
  ])('counters that stand still by %s', (_what, reading, setting, remedies) => {
    const [finding] = diagnose(samplesOf(works, reading));
    expect(finding).toMatchObject({ id: 'ipvs-counters-frozen', severity: 'info', details: { setting } });
    expect(finding?.remedies.map(({ id }) => id)).toEqual(remedies);
    expect(summary(reading)).toEqual([]);
  });

  it('no counters that stand still where they are read, and where only /proc is', () => {
    const counted = `ipvs_virtual_server_connections_total{${web}} 5\nipvs_setting{name="run_estimation"} 1`;
    const netlink = 'lvs_exporter_source_info{collector="ipvs",source="netlink"} 1';
    expect(summary(`${works}\n${counted}\n${netlink}`)).toEqual([]);
    expect(summary(`${works}\nlvs_exporter_source_info{collector="ipvs",source="procfs"} 1`)).toEqual([]);
  });

  it('is less urgent on a standby', () => {
    const vrrp = (state: string) =>
      `keepalived_vrrp_state{instance_name="web",interface="eth0",vrid="51",family="ipv4",state="${state}"} 1`;
    const empty = service(web, []);
    expect(summary(`${empty}\n${vrrp('backup')}`)).toEqual([
      'warning ipvs-service-without-real-servers tcp 10.0.0.100:80',
    ]);
    expect(summary(`${empty}\n${vrrp('master')}`)).toEqual([
      'critical ipvs-service-without-real-servers tcp 10.0.0.100:80',
    ]);
  });

  it.each([
    [web, 'ipvsadm -L -n -t 10.0.0.100:80'],
    [web6, "ipvsadm -L -n -t '[fd00::100]:80'"],
    ['protocol="udp",address="10.0.0.100",port="53",fwmark=""', 'ipvsadm -L -n -u 10.0.0.100:53'],
    ['protocol="sctp",address="10.0.0.100",port="5",fwmark=""', 'ipvsadm -L -n --sctp-service 10.0.0.100:5'],
    ['protocol="",address="",port="",fwmark="7",family="ipv4"', 'ipvsadm -L -n -f 7'],
    ['protocol="",address="",port="",fwmark="7",family="ipv6"', 'ipvsadm -L -n -f 7 -6'],
  ])('names %s as ipvsadm wants it', (labels, expected) => {
    expect(commands(service(labels, []))?.[0]).toBe(expected);
  });
});

describe('diagnose() of the limit of IPVS connections', () => {
  const used = (connections: number, limit: number) =>
    `ipvs_connections ${connections}\nipvs_connections_limit ${limit}\nipvs_setting{name="conn_max"} ${limit}`;

  it.each([
    ['far from it', used(740, 1000), []],
    ['near it', used(750, 1000), ['warning ipvs-connections-nearly-full']],
    ['nearly at it', used(900, 1000), ['critical ipvs-connections-nearly-full']],
    ['at it', used(1000, 1000), ['critical ipvs-connections-nearly-full']],
    ['no connection is allowed', used(0, 0), ['critical ipvs-connections-nearly-full']],
    ['an older kernel', 'ipvs_connections 1000', []],
  ])('%s', (_what, now, expected) => {
    expect(summary(now)).toEqual(expected);
  });

  it('raises the limit only as far as the memory allows', () => {
    const memory = (bytes: number) => `${used(900_000, 1_000_000)}\nlvs_platform_memory_bytes ${bytes}`;
    expect(commands(memory(16e9))).toEqual(['sysctl -w net.ipv4.vs.conn_max=2097152']);
    expect(commands(memory(2e9))?.[0]).toBe('ipvsadm -L -n');
  });
});

describe('diagnose() of what keepalived has given to the kernel', () => {
  const server = (address: string, up = 1, weight = 1) => {
    const labels = `${web},real_address="${address}",real_port="80",forward="direct"`;
    return `keepalived_real_server_up{${labels}} ${up}\nkeepalived_real_server_effective_weight{${labels}} ${weight}\n`;
  };
  const differs = (address: string, reason: string, forward = 'direct') =>
    `keepalived_real_server_disagreement{${web},real_address="${address}",real_port="80",forward="${forward}",reason="${reason}"} 1`;
  const target = '-t 10.0.0.100:80 -r 10.0.0.11:80';

  it.each([
    [
      'missing',
      service(web, [['10.0.0.12', 1]]),
      server('10.0.0.11', 1, 3),
      [`ipvsadm -a ${target} -g -w 3`],
      [`ipvsadm -d ${target}`],
    ],
    ['unwanted', works, server('10.0.0.11', 0), [`ipvsadm -d ${target}`], [`ipvsadm -a ${target} -g -w 1`]],
    ['unmanaged', works, '', [`ipvsadm -d ${target}`], [`ipvsadm -a ${target} -g -w 1`]],
    ['weight', works, server('10.0.0.11', 1, 3), [`ipvsadm -e ${target} -g -w 3`], [`ipvsadm -e ${target} -g -w 1`]],
    ['weight', works, server('10.0.0.11', 0, 3), [`ipvsadm -e ${target} -g -w 0`], [`ipvsadm -e ${target} -g -w 1`]],
    [
      'forward',
      service(web, [['10.0.0.11', 2]], 'masquerade'),
      server('10.0.0.11'),
      [`ipvsadm -e ${target} -g -w 2`],
      [`ipvsadm -e ${target} -m -w 2`],
    ],
  ] as const)('a real server: %s', (reason, kernel, known, commands, undo) => {
    const findings = diagnose(samplesOf(kernel, known, differs('10.0.0.11', reason)));
    expect(findings).toMatchObject([
      {
        id: 'keepalived-kernel-disagrees',
        subject: { service: { address: '10.0.0.100' }, realServer: { address: '10.0.0.11', port: '80' } },
        severity: 'warning',
        details: { of: 'real server', reason },
        remedies: [{ id: 'match-keepalived', commands, undo }],
      },
    ]);
  });

  it.each(['fullnat', 'bypass', ''])('a real server reached by "%s", for which ipvsadm has no option', (method) => {
    const kernel = service(web, [['10.0.0.11', 2]], method);
    for (const found of [differs('10.0.0.11', 'forward'), differs('10.0.0.11', 'unmanaged', method)]) {
      const [finding] = diagnose(samplesOf(kernel, server('10.0.0.11'), found));
      expect(finding).toMatchObject({ id: 'keepalived-kernel-disagrees', remedies: [] });
    }
  });

  it('a weight while the sorry server answers', () => {
    const sorry = `keepalived_sorry_server_in_use{${web},real_address="10.0.0.9",real_port="80",forward="direct"} 1`;
    const [finding] = diagnose(samplesOf(works, server('10.0.0.11', 1, 3), sorry, differs('10.0.0.11', 'weight')));
    expect(finding?.remedies[0]?.commands).toEqual([`ipvsadm -e ${target} -g -w 0`]);
  });

  it.each([
    ['missing', 'critical', ['restart-keepalived']],
    ['unmanaged', 'info', []],
  ])('a virtual server: %s', (reason, severity, remedies) => {
    const findings = diagnose(samplesOf(`keepalived_virtual_server_disagreement{${web},reason="${reason}"} 1`));
    expect(findings).toMatchObject([{ severity, details: { of: 'virtual server', reason } }]);
    expect(findings[0]?.remedies.map(({ id }) => id)).toEqual(remedies);
  });

  it('nothing where they agree', () => {
    expect(summary(`${works}\n${server('10.0.0.11')}${server('10.0.0.12')}keepalived_ipvs_disagreements 0`)).toEqual(
      [],
    );
  });
});

describe('diagnose() of connections that get no further', () => {
  const traffic = (connections: number, packets: number) =>
    `${works}\nipvs_virtual_server_connections_total{${web}} ${connections}
    ipvs_virtual_server_incoming_packets_total{${web}} ${packets}`;

  it.each([
    ['that work', traffic(120, 1500), []],
    ['of one packet each', traffic(120, 1020), ['critical first-packets-only tcp 10.0.0.100:80']],
    ['of which there are too few', traffic(119, 1019), []],
  ])('connections %s', (_what, now, expected) => {
    expect(summary(now, traffic(100, 1000))).toEqual(expected);
  });
});

describe('diagnose() of a director on OpenStack', () => {
  const at = (seconds: number, connections: number, more: string) => `
    ${works}
    lvs_exporter_collector_last_success_timestamp_seconds{collector="ipvs"} ${seconds}
    ipvs_virtual_server_connections_total{${web}} ${connections}
    ipvs_virtual_server_incoming_packets_total{${web}} ${connections * 8}
    ${more}`;
  const openstack = 'lvs_platform_info{role="director",virtualization="kvm",platform="openstack",kernel="6.1"} 1';
  const find = (perSecond: number, more: string) =>
    diagnose(samplesOf(at(110, perSecond * 10, more)), samplesOf(at(100, 0, more)));

  it.each([
    [100, openstack, 'info'],
    [1200, openstack, 'warning'],
    [1500, openstack, 'critical'],
    [100, `${openstack}\nipvs_upstream_conntrack_limit 20000`, 'warning'],
    [100, 'ipvs_upstream_conntrack_limit 20000', 'warning'],
  ])('%i connections a second', (perSecond, more, severity) => {
    expect(find(perSecond, more)).toMatchObject([{ id: 'ipvs-upstream-conntrack-pressure', severity }]);
  });

  it('reports how many entries the host needs, and what the tenant can do alone', () => {
    const [finding] = find(100, openstack);
    expect(finding?.numbers).toEqual({ limitEntries: 262_144, neededEntries: 18_000, arrivalsPerSecond: 100 });
    expect(finding?.details).toMatchObject({ isLimitAssumed: true, services: [{ neededEntries: 18_000 }] });
    expect(finding?.remedies.map(({ owner }) => owner)).toEqual(['tenant', 'operator']);
  });

  it('names three services, and counts the others', () => {
    const of = (connections: number) =>
      [2, 3, 4, 5].map((host) => at(110, connections, '').replaceAll('10.0.0.100', `10.0.0.${host}`)).join('\n');
    const [finding] = diagnose(
      samplesOf(at(110, 1000, `${openstack}\n${of(500)}`)),
      samplesOf(at(100, 0, `${openstack}\n${of(0)}`)),
    );
    expect(finding?.details).toMatchObject({ services: [{ arrivalsPerSecond: 100 }, {}, {}] });
    expect(finding?.numbers).toMatchObject({ otherServices: 2 });
    expect(finding && describeFinding(finding).evidence).toContain('2 more services that need fewer');
  });

  it('nothing elsewhere', () => {
    expect(find(1500, openstack.replace('openstack', 'metal'))).toEqual([]);
  });
});

describe('diagnose() of the flows that a director tracks', () => {
  const flows = (entries: number) =>
    `conntrack_destination_entries{protocol="tcp",address="10.0.0.100",port="80",zone="0"} ${entries}`;

  it.each([
    ['vs.conntrack on', `${works}\nipvs_setting{name="conntrack"} 1\n${flows(500)}`, ['info ipvs-conntrack-on']],
    [
      'vs.conntrack off, and flows',
      `${works}\nipvs_setting{name="conntrack"} 0\n${flows(100)}`,
      ['warning director-tracks-flows tcp 10.0.0.100:80'],
    ],
    ['vs.conntrack off, and hardly any', `${works}\nipvs_setting{name="conntrack"} 0\n${flows(99)}`, []],
    [
      'vs.conntrack on for masquerading',
      `${service(web, [['10.0.0.11', 1]], 'masquerade')}\nipvs_setting{name="conntrack"} 1`,
      [],
    ],
  ])('%s', (_what, now, expected) => {
    expect(summary(now)).toEqual(expected);
  });
});

describe('diagnose() of the network namespace', () => {
  it('a director may have its own, a host cannot be judged from one', () => {
    const elsewhere = 'lvs_host_network_namespace 0';
    expect(summary(elsewhere)).toEqual(['warning lvs-exporter-not-in-host-namespace']);
    expect(summary(`${elsewhere}\nconntrack_entries 7`)).toEqual(['info lvs-exporter-not-in-host-namespace']);
    expect(summary(`${elsewhere}\n${works}`)).toEqual([]);
    expect(summary(`${elsewhere}\nkeepalived_up 1`)).toEqual([]);
    expect(summary('lvs_host_network_namespace 1')).toEqual([]);
  });
});

describe('diagnose() of collectors', () => {
  it('an unknown is not healthy', () => {
    const success = (table: number) => `
      lvs_exporter_collector_success{collector="conntrack"} 1
      lvs_exporter_collector_success{collector="conntrack-table"} ${table}`;
    expect(summary(success(0))).toEqual(['warning lvs-exporter-collector-failing conntrack-table']);
    expect(summary(success(1))).toEqual([]);
  });
});

describe('diagnose() of what EC2 allows', () => {
  const allowance = (available: number, exceeded = 0) =>
    `ethtool_conntrack_allowance_available{interface="eth0"} ${available}
    ethtool_conntrack_allowance_available{interface="eth1"} ${available}
    ethtool_allowance_exceeded_total{interface="eth0",allowance="conntrack"} ${exceeded}
    ethtool_allowance_exceeded_total{interface="eth0",allowance="pps"} ${exceeded * 7}`;
  const works = service(web, [['10.0.0.11', 1]]);
  const connections = (total: number) => `ipvs_virtual_server_connections_total{${web}} ${total}
    ipvs_real_server_connections_total{${web},real_address="10.0.0.11",real_port="80",forward="direct"} ${total}
    lvs_exporter_collector_last_success_timestamp_seconds{collector="ipvs"} ${total / 100}`;

  it.each([
    ['enough', allowance(1000), allowance(1000), []],
    ['few', allowance(999), allowance(999), ['warning ipvs-upstream-allowance-low']],
    ['none', allowance(0), allowance(0), ['critical ipvs-upstream-allowance-low']],
    ['packets dropped before', allowance(5000, 12), allowance(5000, 12), []],
    ['packets dropped now', allowance(0, 13), allowance(0, 12), ['critical ipvs-upstream-allowance-exceeded']],
  ])('%s', (_what, now, before, expected) => {
    expect(summary(now, before)).toEqual(expected);
  });

  it('takes what is available and what is used as the limit upstream', () => {
    const [now, before] = [
      `${works}\n${connections(2000)}\n${allowance(2000)}`,
      `${works}\n${connections(1000)}\n${allowance(2000)}`,
    ];
    const [found] = diagnose(samplesOf(now), samplesOf(before)).filter(
      ({ id }) => id === 'ipvs-upstream-conntrack-pressure',
    );
    expect(found).toMatchObject({
      severity: 'warning',
      numbers: { neededEntries: 18_000, limitEntries: 20_000 },
      details: { isLimitAssumed: false },
    });
  });
});
