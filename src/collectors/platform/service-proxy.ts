import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { listProcessNames } from '../../host/process-names.ts';

/** What manages the virtual servers of a node of Kubernetes. Empty on other machines. */
export type ServiceProxy = 'ipvs' | 'kube-router' | '';

/** The device that has the addresses of all services. */
const devicesOf: Readonly<Record<string, ServiceProxy>> = { 'kube-ipvs0': 'ipvs', 'kube-dummy-if': 'kube-router' };

/** The programs that are kube-proxy or have it built in, by the names that the kernel has for their processes. */
export const k3sPrograms: readonly string[] = ['k3s-server', 'k3s-agent', 'k3s'];
export const kubeProxyPrograms: readonly string[] = ['kube-proxy', ...k3sPrograms, 'kubelite'];

/** By its device, otherwise by what kube-proxy leaves: its settings beside its timers, or its process. */
export async function findServiceProxy(
  host: Host,
  devices: readonly string[],
  table: string | undefined,
): Promise<ServiceProxy> {
  const [byDevice] = devices.flatMap((device) => devicesOf[device] ?? []);
  if (byDevice !== undefined) return byDevice;
  if (!isMasqueraded(table ?? '') || !(await hasSettings(host))) return '';
  return (await hasTimer(host)) || (await runsKubeProxy(host)) ? 'ipvs' : '';
}

/** kube-proxy has no services of firewall marks, and no other way to a real server: `Local` is a pod of this host. */
function isMasqueraded(table: string): boolean {
  return /^(TCP|UDP|SCTP) /m.test(table) && !/^FWM |^ {2}-> .* (Route|Tunnel|Bypass) /m.test(table);
}

/** All 0 unless changed: NewProxier() of pkg/proxy/ipvs/proxier.go sets them. */
const settings = ['conntrack', 'expire_nodest_conn', 'expire_quiescent_template'] as const;

async function hasSettings(host: Host): Promise<boolean> {
  const texts = await Promise.all(settings.map((name) => ifPresent(host.readFile(`/proc/sys/net/ipv4/vs/${name}`))));
  return texts.every((text) => text?.trim() === '1');
}

/** An hour, of 60 s without kube-proxy: conntrack.tcpCloseWaitTimeout of its configuration. */
async function hasTimer(host: Host): Promise<boolean> {
  const text = await ifPresent(host.readFile('/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait'));
  return text?.trim() === '3600';
}

async function runsKubeProxy(host: Host): Promise<boolean> {
  const running = await listProcessNames(host);
  return kubeProxyPrograms.some((name) => running.has(name));
}
