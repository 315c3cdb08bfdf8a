import { readFileSync } from 'node:fs';
import type { Dump, Host } from '../../src/host/host.ts';
import { openReplay } from '../../src/recording/replay-host.ts';
import { labRecordings } from '../fixtures.ts';
import { readCheckFixture } from '../keepalived/check-fixtures.ts';
import { createHost, type Machine } from '../machine.ts';

const interfaceSettings = ['forwarding', 'rp_filter', 'arp_ignore', 'arp_announce', 'send_redirects'];

const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask
eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF
`;

const firewallTexts = {
  iptables: '*raw\n[0:0] -A PREROUTING -d 10.0.0.100/32 -j CT --notrack\nCOMMIT\n',
  ip6tables: '',
  nft: '',
};

const neighbours = `entries  allocs   destroys hash_grows lookups  hits     res_failed rcv_probes_mcast rcv_probes_ucast periodic_gc_runs forced_gc_runs unresolved_discards table_fulls
00000006 000004f8 0000031e 00000005   000027c3 0000009f 00000004   00000000         00000000         000001c4         00000000       00000000            00000002
`;

/** Limits outside connection tracking, as Linux 6.18 shows them. */
const kernelLimits = {
  '/proc/net/snmp6':
    'Ip6InReceives                   \t51\nIp6FragFails                    \t3\nUdp6InDatagrams                 \t9\n',
  '/proc/net/sockstat': 'sockets: used 52\nTCP: inuse 8 orphan 0 tw 1242 alloc 8 mem 0\nUDP: inuse 0 mem 0\n',
  '/proc/net/softnet_stat': `${'0008ec7b 00000001 '.padEnd(134, '00000000 ').trim()}\n`,
  '/proc/net/stat/arp_cache': neighbours,
  '/proc/net/stat/ndisc_cache': neighbours,
  '/proc/net/udp': showSockets('00000000'),
  '/proc/net/udp6': showSockets('0'.repeat(32)),
  '/proc/sys/net/core/netdev_max_backlog': '1000\n',
  '/proc/sys/net/core/rmem_default': '212992\n',
  '/proc/sys/net/ipv4/tcp_max_tw_buckets': '65536\n',
  '/proc/sys/net/ipv4/neigh/default/gc_thresh2': '512\n',
  '/proc/sys/net/ipv6/neigh/default/gc_thresh2': '512\n',
  '/proc/sys/net/ipv4/neigh/default/gc_thresh3': '1024\n',
  '/proc/sys/net/ipv6/neigh/default/gc_thresh3': '1024\n',
};

/** A socket of port 514 that dropped 12 datagrams. @param any the address of no host */
function showSockets(any: string): string {
  return `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  514: ${any}:0202 ${any}:0000 07 00000000:00000000 00:00000000 00000000     0        0 18721 2 0000000000000000 12
`;
}

/** What the recordings of the lab do not have, or a director alone does not. */
const rest: Machine = {
  files: {
    '/proc/net/ip_vs_status': readFixture('ip_vs/ip_vs_status'),
    '/proc/net/ip_vs_conn_sync': readFixture('ip_vs/ip_vs_conn_sync'),
    '/proc/net/route': routes,
    '/proc/net/netstat': 'TcpExt: IPReversePathFilter\nTcpExt: 17\n',
    '/proc/net/snmp':
      'Ip: InDelivers ForwDatagrams OutRequests FragFails\nIp: 8 0 9 0\nIcmp: OutMsgs OutDestUnreachs\nIcmp: 9 4\nUdp: InDatagrams RcvbufErrors\nUdp: 7 2\n',
    '/proc/sys/net/ipv4/tcp_keepalive_time': '7200\n',
    ...kernelLimits,
    '/proc/net/arp': 'IP address       HW type     Flags       HW address            Mask     Device\n',
    '/run/libvirt/qemu/web.xml':
      "<domstatus><domain type='kvm'><name>web</name><uuid>3a5f0c4e-6a0e-4b0e-9a53-0f2f6a1f2c11</uuid></domain></domstatus>\n",
    '/proc/meminfo': 'MemTotal:        2048000 kB\nMemFree:          512000 kB\n',
    '/proc/sys/net/ipv4/ip_forward': '1\n',
    '/proc/sys/net/ipv6/conf/all/forwarding': '0\n',
    '/proc/sys/net/bridge/bridge-nf-call-iptables': '1\n',
    '/proc/sys/net/bridge/bridge-nf-call-ip6tables': '1\n',
    ...Object.fromEntries(
      ['all', 'eth0'].flatMap((device) =>
        interfaceSettings.map((name) => [`/proc/sys/net/ipv4/conf/${device}/${name}`, '1\n']),
      ),
    ),
  },
  interfaceStatistics: [
    {
      interface: 'eth0',
      driver: 'ena',
      counters: { conntrack_allowance_exceeded: 7, conntrack_allowance_available: 76_000 },
    },
  ],
  rawTables: '*raw\n-A neutron-openvswi-PREROUTING -i tap1a2b3c4d-5e -j CT --zone 4097\nCOMMIT\n',
  openVSwitch: '{"id":0,"result":[{"rows":[]},{"rows":[]},{"rows":[]}],"error":null}',
  zoneLimits: [{ zone: 4097, limit: 1000, entries: 20 }],
  addresses: [
    { interface: 'eth0', address: '10.0.0.100' },
    { interface: 'dummy0', address: '10.0.0.101' },
  ],
  neighbours: [{ interface: 'eth0', address: '10.0.0.22', answered: true }],
  announcements: {
    listening: true,
    malformedLines: 0,
    subjects: [
      {
        ...{ type: 'instance', name: 'web', counts: { master: 1 }, state: 'master', priority: 150 },
        ...{ seconds: 1_600_000_000, transitionSeconds: 1_600_000_000 },
      },
    ],
  },
};

/**
 * A director that has everything there is: as recorded in the lab, with keepalived's checkers, and what recordings do
 * not have. Its other network namespaces are the lab's other director, with counters that only netlink has. Its time
 * stands still.
 */
export async function openWholeMachine(nowMs: number): Promise<Host> {
  const [director, other] = await Promise.all([openNode('director1', nowMs), openNode('director2', nowMs)]);
  const supplement = createHost(rest);
  const check = { text: readCheckFixture('2.2.7', 'keepalived_check.data'), modifiedSeconds: nowMs / 1000 };
  const elsewhere = remember({
    ...other,
    readFile: (path) => (path === '/proc/net/stat/nf_conntrack' ? supplement.readFile(path) : other.readFile(path)),
    conntrackCounters: async () => [{ cpu: 0, counters: new Map([['drop', 7]]) }],
  });
  return remember({
    ...supplement,
    ...director,
    readFile: (path) => (rest.files?.[path] === undefined ? director.readFile(path) : supplement.readFile(path)),
    readParts: supplement.readParts,
    listDirectory: (path) => director.listDirectory(path).catch(() => supplement.listDirectory(path)),
    readLink: async () => 'net:[4026531840]',
    announcements: supplement.announcements,
    addresses: supplement.addresses,
    neighbours: supplement.neighbours,
    interfaceStatistics: supplement.interfaceStatistics,
    rawTables: supplement.rawTables,
    openVSwitch: supplement.openVSwitch,
    zoneLimits: supplement.zoneLimits,
    keepalived: async () => {
      const found = await director.keepalived();
      return found.map((one) => ({ ...one, dumps: { ...one.dumps, ...withPeer(one.dumps.data), check } }));
    },
    enter: () => elsewhere,
    firewall: async () => firewallTexts,
  });
}

/** The same dump with a unicast peer, which the directors of the lab do not have. */
function withPeer(data: Dump | undefined): { readonly data?: Dump } {
  const peer = '   Unicast Peer :\n     10.0.0.22 min_ttl 0 max_ttl 255\n';
  return data ? { data: { ...data, text: data.text.replace('   Multicast address 224.0.0.18\n', peer) } } : {};
}

/** The same machine, of which nothing but its flows is read from the disk again: its time stands still. */
function remember(host: Host): Host {
  return {
    ...host,
    readFile: rememberEach(host.readFile),
    listDirectory: rememberEach(host.listDirectory),
    ipvs: rememberOnce(host.ipvs),
    keepalived: rememberOnce(host.keepalived),
    conntrackCounters: rememberOnce(host.conntrackCounters),
    platform: rememberOnce(host.platform),
  };
}

function rememberEach<T>(ask: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return async (path) => {
    const answer = answers.get(path) ?? ask(path);
    answers.set(path, answer);
    return await answer;
  };
}

function rememberOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return async () => {
    answer ??= ask();
    return await answer;
  };
}

/** At a moment at which every collector has been recorded. */
async function openNode(node: string, nowMs: number): Promise<Host> {
  let now = nowMs - 2500;
  const host = await openReplay(`${labRecordings}/${node}`, { speed: 1, now: () => now });
  now = nowMs;
  return host;
}

function readFixture(path: string): string {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8');
}
