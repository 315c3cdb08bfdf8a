import { describe, expect, it } from 'vitest';
import { parseKeepalivedCheck } from '../../../../src/parsers/keepalived/checkers/check.ts';
import type { CheckedVirtualServer } from '../../../../src/parsers/keepalived/checkers/checked-server.ts';
import { readCheckFixture, recordedServers } from '../../../keepalived/check-fixtures.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';
import { checker, dumpOf, realServer, virtualServer } from './smallest.ts';

const recorded = readCheckFixture('2.4.3', 'keepalived_check.data');

function parseServers(text: string): readonly CheckedVirtualServer[] {
  return parseKeepalivedCheck(text).virtualServers;
}

function parseRecorded(folder: string): readonly CheckedVirtualServer[] {
  return parseServers(readCheckFixture(folder, 'keepalived_check.data'));
}

/** The services of a group, of which `entries` are the lines, as the protocol of its virtual server has them. */
function servicesOf(entries: string, protocol = 'TCP'): string[] {
  const group = ` ------< Virtual server group >------\n Virtual Server Group = web, IPv4 = yes, IPv6 = yes\n${entries}`;
  const server = virtualServer
    .replace('VS VIP = 10.0.0.100, VPORT = 80', 'VS GROUP = [web]:0')
    .replace('protocol = TCP', `protocol = ${protocol}`);
  const [{ services } = { services: [] }] = parseServers(dumpOf(server, group));
  return services.map((service) => Object.values(service).filter(Boolean).join(' '));
}

describe('parseKeepalivedCheck()', () => {
  it.each(['2.2.7', '2.3.4', '2.4.3'])('reads a dump of keepalived %s', (folder) => {
    expect(parseRecorded(folder)).toEqual(recordedServers);
  });

  it('reads a dump of keepalived 2.1.5, where files do not move weights and a weight is at least 1', () => {
    const expected = structuredClone(recordedServers) as typeof recordedServers;
    Object.assign(expected[9]?.realServers[0] ?? {}, { effectiveWeight: 1 });
    Object.assign(expected[10]?.realServers[0] ?? {}, { effectiveWeight: 10 });
    expect(parseRecorded('2.1.5')).toEqual(expected);
  });

  it('reads a dump of keepalived 2.0.20, which has no ping, file and UDP checkers and groups of one family', () => {
    const expected = recordedServers.slice(0, 10).map((server) => ({
      ...server,
      services: server.services.filter(({ address }) => !/^fd00:9::10[1-3]$/.test(address)),
    }));
    expect(parseRecorded('2.0.20')).toEqual(expected);
  });

  it.each(['2.2.7-down', '2.4.3-down'])('reads a dump in which every server for TCP is down: %s', (folder) => {
    const servers = parseRecorded(folder);
    const realServers = servers.flatMap((server) => server.realServers);
    expect(realServers.filter(({ up }) => up).map(({ checkers }) => checkers.map(({ kind }) => kind))).toEqual([
      ['misc_check'],
      ['smtp_check'],
      [],
      ['ping_check', 'file_check'],
    ]);
    expect(servers.map(({ quorumUp }) => quorumUp)).toEqual(
      servers.map(({ realServers: [first] }) => first?.up === true && Number(first.configuredWeight) > 0),
    );
    expect(
      servers.flatMap(({ sorryServer }) => sorryServer ?? []).map(({ inUse, added }) => ({ inUse, added })),
    ).toEqual(Array(3).fill({ inUse: true, added: true }));
  });

  it('reads the dump of a keepalived that has no virtual servers', () => {
    expect(parseKeepalivedCheck('------< Global definitions >------\n Router ID = lvs\n')).toEqual({
      ownNamespace: true,
      virtualServers: [],
      skipped: { lines: 0, problems: [] },
    });
  });

  it.each([
    ['(main namespace)', true],
    ['(default)', false],
    ['lvs', false],
  ])('reads which IPVS table is managed: with net_namespace_ipvs %s', (name, ownNamespace) => {
    const text = dumpOf('').replace('Router ID = lvs', `Network namespace ipvs = ${name}`);
    expect(parseKeepalivedCheck(text)).toEqual({
      ownNamespace,
      virtualServers: [],
      skipped: { lines: 0, problems: [] },
    });
  });

  it('gives each checker to the real server that it is of', () => {
    const other = realServer.replace('10.0.0.11', '10.0.0.12');
    const udp = virtualServer.replace('TCP', 'UDP');
    const checkers = [
      checker,
      checker.replaceAll('tcp:80', 'udp:80').replace('TCP_CHECK', 'UDP_CHECK'),
      checker.replace('10.0.0.11', '10.0.0.12').replace('TCP_CHECK', 'HTTP_GET, http protocol 1.1'),
    ];
    const servers = parseServers(dumpOf(virtualServer + realServer + other + udp + realServer, '', checkers.join('')));
    expect(servers.map((server) => server.realServers.map((real) => real.checkers.map(({ kind }) => kind)))).toEqual([
      [['tcp_check'], ['http_get']],
      [['udp_check']],
    ]);
  });

  it('reads how real servers were written before keepalived 2.0.18', () => {
    const old = realServer.replace(' EFF WEIGHT = 1', '').replace('forwarding method', 'Forwarding method');
    const sorry = '   sorry server = [10.0.0.9]:tcp:80\n   sorry server forwarding method = NAT\n   alive = 1\n';
    const [server] = parseServers(dumpOf(virtualServer.replace('   VS alive = 1\n', sorry) + old));
    expect(server).toMatchObject({
      sorryServer: { address: '10.0.0.9', port: '80', forward: 'masquerade', inUse: false, added: false },
      realServers: [{ address: '10.0.0.11', effectiveWeight: 1, forward: 'direct' }],
    });
  });

  it.each([
    ['in use', 'OFF', 1, 1, { inUse: true, added: true }],
    ['not in use', 'OFF', 0, 0, { inUse: false, added: false }],
    ['inhibited', 'ON', 1, 0, { inUse: false, added: true }],
  ])(
    'reads a sorry server that is %s, with what keepalived reports about it and without',
    (_, inhibits, set, alive, state) => {
      const lines = `   sorry server (duplicates rs) = [fd00::9]:tcp:80\n     forwarding method = TUN, type = IPIP\n     Inhibit on failure is ${inhibits}\n`;
      const own = { address: 'fd00::9', port: '80', forward: 'tunnel', duplicate: true, ...state };
      const server = virtualServer.replace('quorum_state_up = 1', `quorum_state_up = ${1 - alive}`);
      for (const counts of ['', `     set = ${set}\n     alive = ${alive}\n`]) {
        const text = server.replace('   VS alive', `${lines}${counts}   VS alive`);
        expect(parseServers(dumpOf(text))[0]?.sorryServer).toEqual(own);
      }
    },
  );

  it('reads a sorry server in a tunnel, whose method is not indented as others are', () => {
    const lines = `   default forwarding method = DR
   sorry server = [10.0.0.9]:tcp:80
   forwarding method = TUN, type = GUE, port = 5555, no checksum
     Inhibit on failure is ON
     set = 1
     alive = 0
`;
    const [server] = parseServers(dumpOf(virtualServer.replace('   VS alive', `${lines}   VS alive`)));
    expect(server?.sorryServer).toMatchObject({ forward: 'tunnel', inUse: false, added: true });
    expect(server?.added).toBe(true);
  });

  it('gives the services of a group: addresses, ranges, firewall marks', () => {
    const entries = `   VIP = 10.0.0.100, VPORT = 80
     Alive: 1 tcp, 0 udp, 0 sctp
     reloaded = False
   VIP Range = 10.0.0.254-10.0.1.1, VPORT = 81
   VIP Range = 10.0.0.8-9, VPORT = 82
   VIP Range = fd00::fffe-ffff, VPORT = 83
   VIP Range = fd00::-fd00::1, VPORT = 84
   FWMARK = 7
   FWMARK = 8 IPv6
`;
    expect(servicesOf(entries)).toEqual([
      'tcp 10.0.0.100 80',
      'tcp 10.0.0.254 81',
      'tcp 10.0.0.255 81',
      'tcp 10.0.1.0 81',
      'tcp 10.0.1.1 81',
      'tcp 10.0.0.8 82',
      'tcp 10.0.0.9 82',
      'tcp fd00::fffe 83',
      'tcp fd00::ffff 83',
      'tcp fd00:: 84',
      'tcp fd00::1 84',
      '7 ipv4',
      '8 ipv6',
    ]);
  });

  it('gives the firewall mark that stands for a group where keepalived marks its packets itself', () => {
    const entries = '  Fwmark TCP: 1000 UDP: 0 SCTP: 0\n   VIP = 10.0.0.100, VPORT = 80\n';
    expect(servicesOf(entries)).toEqual(['1000 ipv4']);
    expect(servicesOf(entries, 'UDP')).toEqual(['udp 10.0.0.100 80']);
  });

  it('reads a checker of which keepalived 2.0.14 to 2.0.20 report nothing: BFD_CHECK', () => {
    const silent = ' [10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:80\n   Keepalive method = BFD_CHECK\n   Alpha is OFF\n';
    const { virtualServers, skipped } = parseKeepalivedCheck(dumpOf(virtualServer + realServer, '', silent));
    expect(virtualServers[0]?.realServers[0]?.checkers).toEqual([
      { kind: 'bfd_check', up: undefined, hasRun: undefined, enabled: undefined },
    ]);
    expect(skipped.lines).toBe(0);
  });

  it('gives IPv4-compatible IPv6 addresses in the form that the kernel has them', () => {
    const server = virtualServer.replace('10.0.0.100', '::192.0.2.100');
    const real = realServer.replace('10.0.0.11', '::192.0.2.11');
    const own = checker.replace('10.0.0.100', '::192.0.2.100').replace('10.0.0.11', '::192.0.2.11');
    const sorry = '   sorry server = [::192.0.2.9]:tcp:80\n     forwarding method = DR\n';
    const text = dumpOf(server.replace('   VS alive', `${sorry}   VS alive`) + real, '', own);
    expect(parseServers(text)).toMatchObject([
      {
        services: [{ address: '::c000:264' }],
        sorryServer: { address: '::c000:209' },
        realServers: [{ address: '::c000:20b', checkers: [{ kind: 'tcp_check' }] }],
      },
    ]);
  });

  it.each([
    '10.0.0.9-8',
    '10.0.0.1-300',
    '10.0.0.1-x',
    '10.0.0.0-11.0.0.0',
    'fd00::9-8',
    'fd00::z',
    '10.0.0.1-fd00::1',
  ])('loses the range %s, and keeps the other members of the group', (range) => {
    expect(servicesOf(`   VIP Range = ${range}, VPORT = 80\n   FWMARK = 7\n`)).toEqual(['7 ipv4']);
  });

  it('reads or refuses any text', () => {
    expectParsedOrRefused(parseKeepalivedCheck, recorded);
  });
});
