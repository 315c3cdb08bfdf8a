import { expect, it } from 'vitest';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { destination, detail, machine, service } from '../collectors/ipvs-machine.ts';
import { createHost, type Machine } from '../machine.ts';

/** Of 3,000 services every third has no endpoint on this node, as with externalTrafficPolicy: Local. */
const numbers = Array.from({ length: 3000 }, (_, index) => index);
const clusterAddress = (index: number) => `10.96.${index >> 8}.${index & 255}`;
const podAddress = (index: number) => `10.244.${index >> 8}.${index & 255}`;
const hex = (address: string) =>
  address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase())
    .join('');

const realServer = (index: number) =>
  index % 3 === 0 ? '' : `  -> ${hex(podAddress(index))}:1F90      Masq    1      2          3\n`;
const table = numbers.map((index) => `TCP  ${hex(clusterAddress(index))}:0050 rr\n${realServer(index)}`).join('');

/** What netlink shows, at two times. */
const services = (connections: number) =>
  numbers.map((index) =>
    service({
      ...{ address: clusterAddress(index), scheduler: 'rr', flags: 0 },
      traffic: {
        connections,
        incomingPackets: 9 * connections,
        outgoingPackets: 9,
        incomingBytes: 9,
        outgoingBytes: 9,
      },
      realServers: index % 3 === 0 ? [] : [destination(podAddress(index), { port: '8080', forward: 'masquerade' })],
    }),
  );

const settings: Readonly<Record<string, number>> = {
  ...{ 'ipv4/vs/conntrack': 1, 'ipv4/vs/conn_reuse_mode': 1, 'ipv4/vs/expire_nodest_conn': 1 },
  ...{ 'ipv4/vs/expire_quiescent_template': 1, 'ipv4/ip_forward': 1, 'ipv4/tcp_keepalive_time': 7200 },
  ...{ 'ipv4/conf/all/send_redirects': 0, 'ipv4/conf/all/rp_filter': 0, 'ipv4/conf/all/arp_ignore': 1 },
  ...{ 'ipv4/conf/all/arp_announce': 2, 'netfilter/nf_conntrack_tcp_timeout_close_wait': 3600 },
  ...{ 'netfilter/nf_conntrack_tcp_timeout_established': 86_400, 'netfilter/nf_conntrack_count': 5000 },
  ...{ 'netfilter/nf_conntrack_max': 262_144, 'netfilter/nf_conntrack_buckets': 262_144, nf_conntrack_max: 262_144 },
};

const node = (connections: number): Machine =>
  machine(table, {
    files: {
      '/proc/net/dev':
        'Inter-|\n face |\n  eth0: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\nkube-ipvs0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n',
      '/proc/net/route': 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n',
      '/proc/sys/kernel/osrelease': '6.1.0\n',
      ...Object.fromEntries(Object.entries(settings).map(([path, value]) => [`/proc/sys/net/${path}`, `${value}\n`])),
    },
    ipvs: detail(...services(connections)),
    platform: { manufacturer: '', model: '', virtual: true, virtualHost: 'KVM' },
  });

async function read(connections: number) {
  const collectors = createCollectors(defaultSettings);
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const runner = createRunner({ collectors, host: createHost(node(connections)), log, now: () => connections * 1000 });
  await Promise.all(collectors.filter(({ schedule }) => schedule !== undefined).map((one) => runner.run(one)));
  return await runner.collect(60_000);
}

it('finds nothing on a healthy node of Kubernetes with 3,000 services', async () => {
  const [before, now] = [await read(100), await read(110)];
  const info = now.find(({ metric }) => metric.name === 'lvs_platform_info');
  expect(info?.labels).toMatchObject({ role: 'director', kube_proxy: 'ipvs' });
  expect(now.filter(({ metric }) => metric.name === 'ipvs_virtual_server_real_servers')).toHaveLength(3000);
  expect(diagnose(now, before)).toEqual([]);
});
