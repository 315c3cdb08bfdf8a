import { readFileSync } from 'node:fs';
import { parseWebConfig } from '../../src/http/web-config/parse.ts';
import { createFlow } from '../../src/identity/flow.ts';
import { removeSecrets } from '../../src/keepalived/dump/redact.ts';
import { parseExposition } from '../../src/parsers/exposition.ts';
import { parseIptablesSave } from '../../src/parsers/firewall/iptables-save.ts';
import { readIptablesTables } from '../../src/parsers/firewall/iptables-tables.ts';
import { parseNftRuleset } from '../../src/parsers/firewall/nft-ruleset.ts';
import { readNftTables } from '../../src/parsers/firewall/nft-tables.ts';
import { parseIptablesForward } from '../../src/parsers/firewall/paths/iptables-path.ts';
import { parseNftForward } from '../../src/parsers/firewall/paths/nft-path.ts';
import { parseIptablesVrrp } from '../../src/parsers/firewall/paths/vrrp-iptables.ts';
import { parseNftVrrp } from '../../src/parsers/firewall/paths/vrrp-nft.ts';
import { casts } from '../../src/parsers/firewall/paths/vrrp-packet.ts';
import { parseIptablesSourceNat, parseNftSourceNat } from '../../src/parsers/firewall/source-nat.ts';
import { parseKeepalivedCheck } from '../../src/parsers/keepalived/checkers/check.ts';
import { parseKeepalivedData } from '../../src/parsers/keepalived/data.ts';
import { parseKeepalivedJson } from '../../src/parsers/keepalived/json.ts';
import { parseKeepalivedStats } from '../../src/parsers/keepalived/stats.ts';
import { parseAnnouncement } from '../../src/parsers/keepalived/vrrp/announcement.ts';
import { createLibvirtDomainParser } from '../../src/parsers/openstack/libvirt-domain.ts';
import { parseOpenVSwitch } from '../../src/parsers/openstack/open-vswitch.ts';
import { parseZoneRules } from '../../src/parsers/openstack/zone-rules.ts';
import { parseArp } from '../../src/parsers/procfs/arp.ts';
import { parseNfConntrackLine } from '../../src/parsers/procfs/conntrack/nf-conntrack.ts';
import { parseNfConntrackStat } from '../../src/parsers/procfs/conntrack/nf-conntrack-stat.ts';
import { eachIPv6Route } from '../../src/parsers/procfs/ipv6-route.ts';
import { parseIpVs } from '../../src/parsers/procfs/ipvs/ip-vs.ts';
import { createIpVsConnSyncParser } from '../../src/parsers/procfs/ipvs/ip-vs-conn-sync.ts';
import { parseIpVsStats } from '../../src/parsers/procfs/ipvs/ip-vs-stats.ts';
import { parseIpVsStatsPerCpu } from '../../src/parsers/procfs/ipvs/ip-vs-stats-percpu.ts';
import { parseIpVsStatus } from '../../src/parsers/procfs/ipvs/ip-vs-status.ts';
import { parseMemoryTotal } from '../../src/parsers/procfs/meminfo.ts';
import { isReadOnly } from '../../src/parsers/procfs/mounts.ts';
import { parseNetDev } from '../../src/parsers/procfs/net-dev.ts';
import { parseNetstatCounter } from '../../src/parsers/procfs/netstat.ts';
import { eachRoute } from '../../src/parsers/procfs/route.ts';
import { parseSysctl } from '../../src/parsers/procfs/sysctl.ts';
import { parseServiceNames } from '../../src/parsers/service-names.ts';
import { parseSysctlConf } from '../../src/parsers/sysctl-conf.ts';
import { createAnonymize } from '../../src/recording/anonymize.ts';
import { parseAddresses, parseInterfaceStatistics, parseIpvs } from '../../src/recording/answer-schema.ts';
import { checkFrame, checkRecording } from '../../src/recording/frame-schema.ts';

/** A reader of text, and texts that it reads. */
export interface TextTarget {
  readonly name: string;
  readonly real: readonly string[];
  readonly read: (text: string) => unknown;
}

const fixtures = new URL('../fixtures/', import.meta.url);

/** The beginning of a fixture: what follows is of the same kind. */
const fixture = (path: string, longest = 12_000) => readFileSync(new URL(path, fixtures), 'utf8').slice(0, longest);
const ofDirector = (path: string) => fixture(`lab/director1/000000.0/${path}`);

const dumps = (kind: string) =>
  ['2.2.7/master', 'kitchen-sink/2.3.4', 'kitchen-sink/1.2.19'].flatMap((folder) => {
    try {
      return [fixture(`keepalived/${folder}/keepalived.${kind}`, 100_000)];
    } catch {
      return [];
    }
  });

const target = (name: string, read: TextTarget['read'], ...real: readonly string[]): TextTarget => ({
  name,
  real,
  read,
});

const rules =
  '*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [5:9]\n-A INPUT -d 224.0.0.18/32 -p vrrp -j ACCEPT\n-A FORWARD -m conntrack --ctstate INVALID,UNTRACKED -j DROP\nCOMMIT\n*nat\n-A POSTROUTING -s 10.0.0.0/8 -o eth0 -j SNAT --to-source 192.0.2.1-192.0.2.4:1024-2047 --random\nCOMMIT\n*raw\n[3:180] -A PREROUTING -d 10.0.0.100/32 -p tcp -m multiport --dports 80,443 -j CT --notrack\nCOMMIT\n';
const nft =
  '{"nftables":[{"metainfo":{"version":"1.0.6"}},{"table":{"family":"inet","name":"t"}},{"chain":{"family":"inet","table":"t","name":"pre","type":"filter","hook":"prerouting","prio":-300,"policy":"drop"}},{"rule":{"family":"inet","table":"t","chain":"pre","handle":1,"expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"daddr"}},"right":{"prefix":{"addr":"10.1.0.0","len":16}}}},{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["invalid","untracked"]}},{"counter":{"packets":9,"bytes":540}},{"notrack":null}]}},{"rule":{"family":"ip","table":"nat","chain":"post","handle":7,"expr":[{"match":{"op":"==","left":{"meta":{"key":"l4proto"}},"right":"tcp"}},{"snat":{"addr":"192.0.2.1","port":{"range":[1024,2047]},"flags":["random"]}}]}}]}';
const webConfig =
  'tls_server_config:\n  cert_file: a.pem\n  key_file: a.key\n  min_version: TLS12\n  client_auth_type: RequireAndVerifyClientCert\n  cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\nhttp_server_config:\n  http2: yes\n  headers: { X-Frame-Options: deny, X-XSS-Protection: 1 }\nbasic_auth_users:\n  alice: $2y$10$qRTBuFoULoYNA7AQ/F3ck.trZBPyjV64.oA4ZsSBCIWvXuvQlQTuu\nrate_limit: { interval: 1s, burst: 20 }\n';
const flow = createFlow();
const readFlows = (text: string) => {
  for (const [index, line] of text.split('\n').entries()) if (line !== '') parseNfConntrackLine(line, index + 1, flow);
};
const readParts =
  (create: (take: (value: unknown) => void) => { add(text: string): void; end(): void }) => (text: string) => {
    const found: unknown[] = [];
    const parser = create((value) => found.push(value));
    for (let at = 0; at < text.length; at += 997) parser.add(text.slice(at, at + 997));
    parser.end();
    return found;
  };
const anonymized = [
  '/proc/net/nf_conntrack',
  '/proc/net/ip_vs_conn_sync',
  '/proc/net/arp',
  '/commands/x',
  '/ovsdb/x',
  '/run/libvirt/qemu/x',
];
const json = (check: (value: unknown, path: string) => void) => (text: string) => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  check(value, 'x');
};

const flows = fixture('nf_conntrack/6.18/proc');
const connections = fixture('ip_vs/ip_vs_conn_sync');
const libvirt = ['a', 'b'].map((letter) => fixture(`openstack/libvirt/instance-0000002${letter}.xml`));
const openVSwitch = ['hybrid', 'openvswitch', 'ovn'].map((name) => fixture(`openstack/${name}.json`, 60_000));
const zoneRules = fixture('openstack/iptables-raw.txt');
const arp =
  'IP address       HW type     Flags       HW address            Mask     Device\n10.0.0.5 0x1 0x2 fa:16:3e:12:34:56 * eth0\n';

export const textTargets: readonly TextTarget[] = [
  target('ip_vs', parseIpVs, ofDirector('proc/net/ip_vs'), fixture('ip_vs/ip_vs')),
  target('ip_vs_stats', parseIpVsStats, ofDirector('proc/net/ip_vs_stats')),
  target(
    'ip_vs_stats_percpu',
    parseIpVsStatsPerCpu,
    ofDirector('proc/net/ip_vs_stats_percpu'),
    fixture('ip_vs/ip_vs_stats_percpu'),
  ),
  target('ip_vs_status', parseIpVsStatus, fixture('ip_vs/ip_vs_status')),
  target('ip_vs_conn_sync', readParts(createIpVsConnSyncParser), connections),
  target('nf_conntrack', readFlows, ...flows.split('\n').filter((line) => line !== '')),
  target('stat/nf_conntrack', parseNfConntrackStat, ofDirector('proc/net/stat/nf_conntrack')),
  target('net/dev', parseNetDev, ofDirector('proc/net/dev')),
  target('net/arp', parseArp, arp),
  target(
    'net/route',
    (text) => [...eachRoute(text)],
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n',
  ),
  target(
    'net/ipv6_route',
    (text) => [...eachIPv6Route(text)],
    `fd000009${'0'.repeat(24)} 40 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00000100 00000001 00000000 00000003 eth0\n`,
  ),
  target(
    'net/netstat',
    (text) => parseNetstatCounter(text, 'TcpExt', 'IPReversePathFilter'),
    'TcpExt: SyncookiesSent IPReversePathFilter\nTcpExt: 5 17\nIpExt: A\nIpExt: 3\n',
  ),
  target('meminfo', parseMemoryTotal, 'MemTotal:        2048000 kB\nMemFree:          512000 kB\n'),
  target(
    'mounts',
    (text) => isReadOnly(text, '/proc/sys/net'),
    'proc /proc proc rw,nosuid 0 0\nproc /proc/sys proc ro 0 0\n',
  ),
  target('a sysctl', parseSysctl, '262144\n', '-1\n'),
  target('sysctl.conf', parseSysctlConf, '# a\n-net.ipv4.ip_forward = 1\nnet/ipv4/conf/eth0.100/rp_filter=2\n; b\n'),
  target('keepalived.json', parseKeepalivedJson, ...dumps('json')),
  target('keepalived.data', parseKeepalivedData, ...dumps('data')),
  target('keepalived.stats', parseKeepalivedStats, ...dumps('stats')),
  target(
    'keepalived_check.data',
    parseKeepalivedCheck,
    fixture('keepalived_check/2.2.7/keepalived_check.data', 60_000),
  ),
  target(
    'secrets of dumps',
    (text) => [removeSecrets('json', text), removeSecrets('data', text), removeSecrets('check', text)],
    ...dumps('json'),
    ...dumps('data'),
  ),
  target('an announcement', parseAnnouncement, 'INSTANCE "VI_1" MASTER 100', 'GROUP "a b" FAULT 0'),
  target('libvirt', readParts(createLibvirtDomainParser), ...libvirt),
  target('Open vSwitch', parseOpenVSwitch, ...openVSwitch),
  target('zones in rules', parseZoneRules, zoneRules),
  target(
    'iptables-save',
    (text) => {
      const tables = readIptablesTables(text, 'iptables');
      return [
        parseIptablesSave(text),
        parseIptablesForward(tables),
        parseIptablesSourceNat(tables),
        ...casts.map((cast) => parseIptablesVrrp(tables, cast)),
      ];
    },
    rules,
    zoneRules,
  ),
  target(
    'nft list ruleset',
    (text) => {
      const tables = readNftTables(text);
      return [
        parseNftRuleset(tables),
        parseNftForward(tables),
        parseNftSourceNat(tables),
        ...casts.map((cast) => parseNftVrrp(tables, cast)),
      ];
    },
    nft,
  ),
  target('metrics of another exporter', parseExposition, '# HELP a b\na{b="c\\"d",e="f"} 1e3 1700000000000\nc +Inf\n'),
  target(
    'names of services',
    parseServiceNames,
    '203.0.113.80:443: web shop\n"[2001:db8::80]:443": "a: b"\nudp 203.0.113.53: &a resolver\nmark 7: *a\n',
  ),
  target('a web configuration', parseWebConfig, webConfig),
  target(
    'a moment of a recording',
    json(checkFrame),
    ofDirector('frame.json'),
    fixture('lab/compute/000000.0/frame.json'),
  ),
  target('a recording', json(checkRecording), fixture('lab/director1/recording.json')),
  target(
    'recorded answers',
    (text) => [parseIpvs, parseAddresses, parseInterfaceStatistics].map((parse) => settle(() => parse(text, 'x'))),
    ofDirector('netlink/ipvs.json'),
    '[{"interface":"eth0","address":"10.0.0.1"}]',
  ),
  target(
    'what is anonymized',
    (text) => anonymized.map((path) => createAnonymize()(path, text)),
    flows,
    connections,
    arp,
    zoneRules,
    ...libvirt,
    ...openVSwitch,
  ),
];

function settle(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Cannot replay ')) return undefined;
    throw error;
  }
}
