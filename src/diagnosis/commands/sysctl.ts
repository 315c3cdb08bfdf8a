import { prerequisitesSettingOwnerRunning } from '../../collectors/prerequisites/metrics.ts';
import { runsKubeProxy } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import { type FileLines, mapSome, type Nothing, type Plan, type Some } from '../remedy.ts';
import { commandInNamespace, quoteShell } from './shell.ts';
import { linesByFile } from './sysctl-files.ts';

/** A kernel setting as sysctl names it, which may have the name of an interface, with its present and its new value. */
export interface Change {
  readonly setting: string;
  readonly from: number;
  readonly to: number;
}

/** The parts of a plan that changes kernel settings. */
export function sysctlPlan(
  readings: Readings,
  changes: Some<Change>,
  netns: string | undefined,
): Pick<Plan, 'commands' | 'undo' | 'persistent'> {
  const write = (setting: string, value: number) =>
    commandInNamespace(netns, `sysctl -w ${quoteShell(`${setting}=${value}`)}`);
  const apply = ({ setting, to }: Change) => write(setting, to);
  const revert = ({ setting, from }: Change) => write(setting, from);
  return {
    commands: mapSome(changes, apply),
    undo: mapSome(reverse(changes), revert),
    persistent: netns === undefined ? keep(readings, changes) : { none: whereNamespacesAreSet(netns) },
  };
}

/** The agents of Neutron create the namespaces of routers and networks, and some settings in them. */
export function whereNamespacesAreSet(netns: string): string {
  return /(^|\/)(qrouter|snat|fip|qdhcp|ovnmeta)-/.test(netns)
    ? 'An agent of Neutron creates this namespace, again after a restart of the host. Set it in a unit that runs after the agent.'
    : 'Set it where the namespace is created.';
}

/** systemd loads the modules first, then applies sysctl.d: without the module the settings do not exist. */
function keep(readings: Readings, changes: Some<Change>): Some<FileLines> | Nothing {
  const fields = fieldsOfKubeProxy(changes);
  if (fields.length > 0 && runsKubeProxy(readings)) {
    const how = readings.is(prerequisitesSettingOwnerRunning, { owner: 'k3s' })
      ? ' with --kube-proxy-arg of k3s'
      : ' in its configuration';
    return { none: `kube-proxy sets it when it starts: change ${fields.join(' and ')}${how}.` };
  }
  const [first, ...others] = linesByFile(readings, changes);
  return [first, ...others, ...modulesOf(changes)];
}

function modulesOf(changes: Some<Change>): FileLines[] {
  const has = (part: string) => changes.some(({ setting }) => setting.includes(part));
  const needed = [...(has('nf_conntrack') ? ['nf_conntrack'] : []), ...(has('net.ipv4.vs.') ? ['ip_vs'] : [])];
  return needed.map((module) => ({ file: `/etc/modules-load.d/${module}.conf`, lines: [module] }));
}

/** Settings that kube-proxy writes when it starts, and the field of its configuration for each. */
const kubeProxyFields: Readonly<Record<string, string>> = {
  nf_conntrack_max: 'conntrack.min (--conntrack-min)',
  nf_conntrack_buckets: 'conntrack.min (--conntrack-min)',
  nf_conntrack_tcp_timeout_established: 'conntrack.tcpEstablishedTimeout (--conntrack-tcp-timeout-established)',
  nf_conntrack_tcp_timeout_close_wait: 'conntrack.tcpCloseWaitTimeout (--conntrack-tcp-timeout-close-wait)',
  nf_conntrack_tcp_be_liberal: 'conntrack.tcpBeLiberal (--conntrack-tcp-be-liberal)',
  nf_conntrack_udp_timeout: 'conntrack.udpTimeout (--conntrack-udp-timeout)',
  nf_conntrack_udp_timeout_stream: 'conntrack.udpStreamTimeout (--conntrack-udp-timeout-stream)',
};

function fieldsOfKubeProxy(changes: Some<Change>): string[] {
  const fields = changes.flatMap(({ setting }) => kubeProxyFields[setting.replace('net.netfilter.', '')] ?? []);
  return [...new Set(fields)];
}

/** A later setting may need an earlier one: the limit its buckets. */
function reverse([first, ...rest]: Some<Change>): Some<Change> {
  const [last, ...others] = rest.toReversed();
  return last === undefined ? [first] : [last, ...others, first];
}

/** A timer of connection tracking, as sysctl names it. */
export function timeoutSetting(protocol: string, state: string): string {
  return `net.netfilter.nf_conntrack_${protocol}_timeout${state === '' ? '' : `_${state}`}`;
}
