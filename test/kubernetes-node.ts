import { createCollectors, defaultSettings } from '../src/collectors/index.ts';
import type { Sample } from '../src/scrape/metric.ts';
import { createRunner } from '../src/scrape/scrape.ts';
import { destination, detail, machine, service } from './collectors/ipvs-machine.ts';
import { createHost, type Machine } from './machine.ts';

/** A node of Kubernetes where kube-proxy manages IPVS. */
export interface KubernetesNode {
  readonly services: number;
  /** Of all services, from the first on: Deployments that were scaled down. */
  readonly scaledDown: number;
  /** New connections of each service since the node started. */
  readonly connections: number;
}

const numbersOf = ({ services }: KubernetesNode) => Array.from({ length: services }, (_, index) => index);
/** Every third has no endpoint on this node, as with externalTrafficPolicy: Local. */
const isEmpty = ({ scaledDown }: KubernetesNode, index: number) => index < scaledDown || index % 3 === 0;
const clusterAddress = (index: number) => `10.96.${index >> 8}.${index & 255}`;
const podAddress = (index: number) => `10.244.${index >> 8}.${index & 255}`;
const hex = (address: string) =>
  address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase())
    .join('');

const realServer = (index: number) => `  -> ${hex(podAddress(index))}:1F90      Masq    1      2          3\n`;
function tableOf(node: KubernetesNode): string {
  const rows = numbersOf(node).map((index) => [
    `TCP  ${hex(clusterAddress(index))}:0050 rr\n`,
    isEmpty(node, index) ? '' : realServer(index),
  ]);
  return rows.flat().join('');
}

/** What netlink shows. */
const servicesOf = (node: KubernetesNode) =>
  numbersOf(node).map((index) =>
    service({
      ...{ address: clusterAddress(index), scheduler: 'rr', flags: 0 },
      traffic: {
        connections: node.connections,
        incomingPackets: 9 * node.connections,
        outgoingPackets: 9,
        incomingBytes: 9,
        outgoingBytes: 9,
      },
      realServers: isEmpty(node, index)
        ? []
        : [destination(podAddress(index), { port: '8080', forward: 'masquerade' })],
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

const machineOf = (node: KubernetesNode): Machine =>
  machine(tableOf(node), {
    files: {
      '/proc/net/dev':
        'Inter-|\n face |\n  eth0: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\nkube-ipvs0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n',
      '/proc/net/route': 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n',
      '/proc/sys/kernel/osrelease': '6.1.0\n',
      ...Object.fromEntries(Object.entries(settings).map(([path, value]) => [`/proc/sys/net/${path}`, `${value}\n`])),
    },
    ipvs: detail(...servicesOf(node)),
    platform: { manufacturer: '', model: '', virtual: true, virtualHost: 'KVM' },
  });

/** What the exporter of a node exports. */
export async function readNode(node: KubernetesNode): Promise<readonly Sample[]> {
  const collectors = createCollectors(defaultSettings);
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const runner = createRunner({
    collectors,
    host: createHost(machineOf(node)),
    log,
    now: () => node.connections * 1000,
  });
  await Promise.all(collectors.filter(({ schedule }) => schedule !== undefined).map((one) => runner.run(one)));
  return await runner.collect(60_000);
}
