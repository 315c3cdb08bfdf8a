import { ifNetlink, ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { listProcessNames } from '../../host/process-names.ts';
import { isReadOnly } from '../../parsers/procfs/mounts.ts';
import type { Collector } from '../../scrape/collector.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { k3sPrograms, kubeProxyPrograms } from '../platform/service-proxy.ts';
import {
  prerequisitesOwnAddressInfo,
  prerequisitesSettingFileInfo,
  prerequisitesSettingOwnerRunning,
  prerequisitesSilentNeighbourInfo,
  prerequisitesSysctlWritable,
  prerequisitesToolInstalled,
} from './metrics.ts';
import { isUfwOn, sampleSettingFiles } from './setting-files.ts';
import { sampleSilentNeighbours } from './silent-neighbours.ts';

/** Commands that remedies use. */
const tools = ['arping', 'conntrack', 'ip', 'ip6tables', 'iptables', 'ipvsadm', 'nft', 'sysctl', 'tcpdump'] as const;
const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const;

/** By the names that the kernel has for their processes: at most 15 characters. k3s and MicroK8s have kube-proxy within. */
const settingOwners: Readonly<Record<string, readonly string[]>> = {
  conntrackd: ['conntrackd'],
  calico: ['calico-node', 'calico-felix'],
  firewalld: ['firewalld'],
  k3s: k3sPrograms,
  'kube-proxy': kubeProxyPrograms,
};

/** What remedies need of a machine. Only `diagnose` asks: reading every process is not for a scrape. */
export const prerequisites: Collector = {
  name: 'prerequisites',
  help: 'What the remedies of diagnose need: commands, a writable /proc/sys, no other owner of a setting.',
  metrics: [
    prerequisitesToolInstalled,
    prerequisitesSysctlWritable,
    prerequisitesSettingOwnerRunning,
    prerequisitesSettingFileInfo,
    prerequisitesOwnAddressInfo,
    prerequisitesSilentNeighbourInfo,
  ],
  schedule: '*/30 * * * * *',
  collect: async (host) => [
    ...(await findTools(host)),
    ...(await readMounts(host)),
    ...(await findOwners(host)),
    ...(await sampleSettingFiles(host)),
    ...(await listOwnAddresses(host)),
    ...(await sampleSilentNeighbours(host)),
  ],
};

/** An address may be on several devices. */
export async function listOwnAddresses(host: Host): Promise<Sample[]> {
  const addresses = new Set(((await ifNetlink(host.addresses())) ?? []).map(({ address }) => address));
  return [...addresses].map((address) => sample(prerequisitesOwnAddressInfo, 1, { address }));
}

async function findTools(host: Host): Promise<Sample[]> {
  const lists = await Promise.all(folders.map((folder) => ifPresent(host.listDirectory(folder))));
  if (lists.every((list) => list === undefined)) return [];
  const installed = new Set(lists.flatMap((list) => list ?? []));
  return tools.map((tool) => sample(prerequisitesToolInstalled, Number(installed.has(tool)), { tool }));
}

/** Where the settings of remedies are. It may have a mount of its own. */
export const settingsFolder = '/proc/sys/net';

async function readMounts(host: Host): Promise<Sample[]> {
  const mounts = await host.readFile('/proc/self/mounts');
  return [sample(prerequisitesSysctlWritable, Number(!isReadOnly(mounts, settingsFolder)))];
}

function ofOwner(owner: string, isRunning: boolean): Sample {
  return sample(prerequisitesSettingOwnerRunning, Number(isRunning), { owner });
}

async function findOwners(host: Host): Promise<Sample[]> {
  const running = await listProcessNames(host);
  const runs = (programs: readonly string[]) => programs.some((name) => running.has(name));
  return [
    ...Object.entries(settingOwners).map(([owner, programs]) => ofOwner(owner, runs(programs))),
    ofOwner('ufw', await isUfwOn(host)),
  ];
}
