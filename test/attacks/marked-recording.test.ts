import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import type { Dump, DumpKind } from '../../src/host/host.ts';
import { removeSecrets } from '../../src/keepalived/dump/redact.ts';
import { createLog } from '../../src/log/log.ts';
import { record } from '../../src/recording/record.ts';
import { plantedSecret, readCheckFixture } from '../keepalived/check-fixtures.ts';
import { readDump } from '../keepalived/fixtures.ts';
import { createHost, type Machine } from '../machine.ts';
import { computeNodes, domainFiles } from '../openstack/compute-node.ts';

/** What must be nowhere in a recording, in each notation. */
const marks = {
  'an IPv4 address': '203.0.113.66',
  'an IPv4 address of /proc/net/ip_vs_conn': 'CB007142',
  'an IPv6 address': '2001:db8:66::6666',
  'an IPv6 address of the kernel': '2001:0db8:0066:0000:0000:0000:0000:6666',
  'a hardware address': '52:54:00:66:66:66',
  'a hardware address in capitals': 'FA:16:3E:66:AB:CD',
  'a mail address': 'ada.marked@',
  'a name': 'Markham',
  'a secret': 's3cr3t-mark',
};

const flow = (source: string, family = 'ipv4     2') =>
  `${family} tcp      6 113 SYN_SENT src=${source} dst=10.0.0.100 sport=5 dport=80 [UNREPLIED] src=10.0.0.100 dst=${source} sport=80 dport=5 mark=0 use=2\n`;
const flows =
  flow('203.0.113.66') +
  flow('2001:0db8:0066:0000:0000:0000:0000:6666', 'ipv6     10').replaceAll(
    '10.0.0.100',
    'fd00:0000:0000:0000:0000:0000:0000:0100',
  );

const connections = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires PEName PEData
TCP CB007142 8F20 0A000064 0050 0A00000B 0050 FIN_WAIT    LOCAL      113
UDP 2001:0db8:0066:0000:0000:0000:0000:6666 0064 fd00:0000:0000:0000:0000:0000:0000:0100 0035 fd00:0000:0000:0000:0000:0000:0000:0011 0035 UDP         LOCAL      299 sip Markham@203.0.113.66
`;

const neighbours = `IP address       HW type     Flags       HW address            Mask     Device
203.0.113.66     0x1         0x2         52:54:00:66:66:66     *        eth0
`;

const rules = `*raw
-A PREROUTING -s 203.0.113.66/32 -m comment --comment "ask ada.marked@example.org, Markham" -j CT --zone 1
-A PREROUTING -s 2001:db8:66::6666/128 -j CT --zone 2
-A PREROUTING -m mac --mac-source FA:16:3E:66:AB:CD -m comment --comment Markham -j CT --notrack
COMMIT
`;

/** As keepalived writes them, with what an administrator may have configured. */
const dumps: Record<Exclude<DumpKind, 'stats' | 'check'>, string> = {
  json: '[{"data":{"iname":"VI_1","ifp_ifname":"eth0","vrid":51,"state":2,"auth_data":"s3cr3t-mark","script":"/bin/mail Markham","vips":["10.0.0.100 dev eth0"]},"stats":{}}]',
  data: `------< Global definitions >------
 Router ID = Markham
 Smtp server = mail.example.org
 Email notification from = ada.marked@example.org
 Email notification = ada.marked@example.org
 Global notify fifo script = /bin/mail Markham
------< VRRP Topology >------
 VRRP Instance = VI_1
   VRRP Version = 2
   Interface = eth0
   Virtual Router ID = 51
   Password = s3cr3t-mark
   Master state transition script = /bin/mail Markham s3cr3t-mark
   State = MASTER
------< Interfaces >------
 Name = eth0
   MAC = 52:54:00:66:66:66
`,
};

/** Where a firmware, a driver or a later keepalived has room for a text. */
const note = 'ada.marked@example.org, 52:54:00:66:66:66';

const asDump = (kind: DumpKind, text: string): Dump => ({ text: removeSecrets(kind, text), modifiedSeconds: 1 });

function mark(domain: string): string {
  return domain
    .replace('</devices>', '<graphics type="vnc" passwd="s3cr3t-mark"/></devices>')
    .replace(/<nova:user uuid="[^"]*">[^<]*/, '<nova:user uuid="ada.marked@example.org">Markham')
    .replace(/<mac address=['"][^'"]*['"]/, '<mac address="52:54:00:66:66:66"');
}

/** Commands, paths and names that an administrator gave to the checkers. */
const checkers = readCheckFixture('2.2.7', 'keepalived_check.data')
  .replaceAll(plantedSecret, 's3cr3t-mark')
  .replaceAll('/usr/bin/true', '/usr/bin/mail Markham ada.marked@example.org 203.0.113.66');

/** With what administrators and controllers note. */
function markSwitch(answer: string): string {
  const ids = '["map",[["hostname","Markham"],["ovn-remote","tcp:203.0.113.66:6642"],["ovn-password","s3cr3t-mark"]]]';
  return answer
    .replaceAll('["attached-mac"', '["owner","Markham"],["note","203.0.113.66"],["attached-mac"')
    .replace(
      '"result":[',
      `"result":[{"rows":[{"name":"br-int","external_ids":${ids},"other_config":${ids},"statistics":${ids}}]},`,
    );
}

const machine: Machine = {
  flows,
  files: {
    ...Object.fromEntries(Object.entries(domainFiles).map(([path, text]) => [path, mark(text)])),
    '/proc/net/nf_conntrack': flows,
    '/proc/net/ip_vs_conn_sync': connections,
    '/proc/net/ip_vs_conn': connections,
    '/proc/net/arp': neighbours,
    '/proc/net/dev': 'Inter-| Receive | Transmit\n face |bytes |bytes\n  eth0: 1 2\n',
    '/proc/sys/net/netfilter/nf_conntrack_count': '2\n',
    '/proc/sys/net/netfilter/nf_conntrack_max': '100\n',
    '/proc/sys/net/netfilter/nf_conntrack_buckets': '100\n',
  },
  rawTables: rules,
  openVSwitch: markSwitch(computeNodes.hybrid.openVSwitch),
  keepalived: [
    {
      ...{ daemon: '', running: true },
      dumps: {
        ...{ json: asDump('json', dumps.json), data: asDump('data', dumps.data) },
        ...{
          stats: asDump('stats', `${readDump('2.2.7/master', 'stats')}  Contact: ${note}\n`),
          check: asDump('check', checkers),
        },
      },
    },
  ],
  announcements: {
    ...{ listening: true, malformedLines: 1 },
    subjects: [
      {
        ...{ type: 'instance', name: 'VI_1', counts: { master: 1 }, state: 'master', priority: 100 },
        ...{ seconds: 1, transitionSeconds: 1 },
      },
    ],
  },
  interfaceStatistics: [
    { interface: 'eth0', driver: `ena ${note}`, counters: { conntrack_allowance_exceeded: 7, [note]: 1 } },
  ],
  addresses: [{ interface: 'eth0', address: '10.0.0.100' }],
  platform: { manufacturer: `QEMU ${note}`, model: note, virtual: true, virtualHost: 'KVM' },
  namespaces: {
    router: { flows, files: { '/proc/net/nf_conntrack': flows, '/proc/sys/net/netfilter/nf_conntrack_count': '2\n' } },
  },
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvs-marked-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function recordMarked(host = createHost(machine)): Promise<string> {
  const directory = join(folder, 'recording');
  const log = createLog({ level: 'error', format: 'json', write: () => undefined });
  const collectors = createCollectors({ ...defaultSettings, namespaces: ['router'] });
  const { signal } = new AbortController();
  await record({ host, collectors, directory, intervalSeconds: 1, durationSeconds: 1, version: '1', log, signal });
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (path) => `${path}\n${await readFile(path, 'utf8')}`));
  return texts.join('\n');
}

const findMarks = (text: string) =>
  Object.entries(marks).flatMap(([what, one]) => (text.toLowerCase().includes(one.toLowerCase()) ? [what] : []));

it('has none of what is marked in every source', async () => {
  const others = ['keepalived.check', 'keepalived.stats', 'ethtool', 'addresses.json', '"platform": {', '"VI_1"'];
  const recorded = await recordMarked();
  for (const source of [
    'nf_conntrack',
    'ip_vs_conn_sync',
    'arp',
    'libvirt',
    'iptables',
    'ovsdb',
    'keepalived.json',
    ...others,
  ]) {
    expect(recorded).toContain(source);
  }
  expect(findMarks(recorded)).toEqual([]);
});

it('has no message of a failure that quotes what was read', async () => {
  const fail = () => Promise.reject(new Error('iptables-save: cannot resolve Markham, 203.0.113.66'));
  const recorded = await recordMarked({ ...createHost(machine), rawTables: fail });
  expect(recorded).toContain('iptables-save-raw');
  expect(findMarks(recorded)).toEqual([]);
});

it('has no addresses of neighbours and sources where the table could not be read', async () => {
  const { flows: _table, namespaces: _others, ...rest } = machine;
  const { files = {} } = rest;
  const recorded = await recordMarked(createHost({ ...rest, files: { ...files, '/proc/net/ip_vs_conn_sync': '' } }));
  expect(recorded).toContain('arp');
  expect(findMarks(recorded)).toEqual([]);
});
