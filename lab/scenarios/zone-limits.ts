import { execFileSync } from 'node:child_process';
import { repository } from '../cluster/folders.ts';
import type { Scenario } from '../scenario.ts';

const namespace = 'zones';
/** Of its own: what its namespace tracked already is not counted. */
const sender = 'zone-sender';
/** The lab's kernel commits to no other zone. */
const zone = 0;
const [limit, defaultLimit] = [5, 1000];
/** More limits than one answer of the kernel has room for. */
const manyZones = Array.from({ length: 400 }, (_, index) => 1000 + index);

/** To as many ports as a zone may have flows, and some more. */
const datagrams = `
  const socket = require('node:dgram').createSocket('udp4');
  for (let port = 1; port <= 8; port++) socket.send('x', port, '198.18.9.2', () => port === 8 && socket.close());`;

function inside(...command: readonly string[]): void {
  execFileSync('ip', ['netns', 'exec', namespace, ...command]);
}

function atSender(...command: readonly string[]): void {
  execFileSync('ip', ['netns', 'exec', sender, ...command]);
}

/** A datapath of Open vSwitch in the kernel, without its daemons, that commits what it gets to the zone. */
function buildDatapath(): void {
  execFileSync('modprobe', ['-d', '/run/lab/modules', 'openvswitch']);
  execFileSync('ip', ['netns', 'add', namespace]);
  execFileSync('ip', ['netns', 'add', sender]);
  inside('ip', 'link', 'add', 'ovs0', 'type', 'veth', 'peer', 'name', 'ovs1', 'netns', sender);
  inside('ip', 'link', 'set', 'ovs0', 'up');
  atSender('ip', 'link', 'set', 'ovs1', 'up');
  atSender('ip', 'address', 'add', '198.18.9.1/24', 'dev', 'ovs1');
  atSender('ip', 'neigh', 'add', '198.18.9.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'ovs1');
  inside('ovs-dpctl', 'add-dp', 'lab');
  inside('ovs-dpctl', 'add-if', 'lab', 'ovs0');
  inside('ovs-dpctl', 'ct-set-limits', 'lab', `default=${defaultLimit}`, `zone=${zone},limit=${limit}`);
  inside('ovs-dpctl', 'add-flow', 'lab', 'in_port(1),eth(),eth_type(0x0800),ipv4()', 'ct(commit)');
}

export const zoneLimits: Scenario = {
  name: 'zone-limits',
  shows: 'limits of zones in the kernel datapath of Open vSwitch, and what counts against them',
  run: async (lab) => {
    // The driver is one file, which koffi is not beside.
    const { readZoneLimits }: typeof import('../../src/netlink/openvswitch/zone-limits.ts') = await import(
      `${repository}/dist/netlink/openvswitch/zone-limits.js`
    );
    const read = () => readZoneLimits({ namespace: `/run/netns/${namespace}` });
    const hasLimit = (entries: number) => (limits: Awaited<ReturnType<typeof read>>) =>
      limits.some((one) => one.zone === zone && one.limit === limit && one.entries === entries);
    buildDatapath();
    await lab.see('the limit of a zone', read, hasLimit(0));
    atSender(process.execPath, '-e', datagrams);
    await lab.see('the flows of the zone, as many as its limit allows', read, hasLimit(limit));
    await lab.see('the default limit', read, (limits) =>
      limits.some((one) => one.zone === 'default' && one.limit === defaultLimit),
    );
    inside('ovs-dpctl', 'ct-set-limits', 'lab', ...manyZones.map((one) => `zone=${one},limit=9`));
    await lab.see(
      'more limits than one answer has room for',
      async () => (await read()).filter((one) => one.limit === 9).length,
      (found) => found === manyZones.length,
    );
    for (const name of [namespace, sender]) execFileSync('ip', ['netns', 'delete', name]);
  },
};
