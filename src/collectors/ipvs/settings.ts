import type { Host } from '../../host/host.ts';
import { ifPresent, readParsed } from '../../host/read.ts';
import type { IpvsDetail } from '../../netlink/ipvs/ipvs.ts';
import { splitLines } from '../../parsers/lines.ts';
import { gauge, type Sample, sample } from '../../scrape/metric.ts';

const setting = gauge(
  'ipvs_setting',
  'Every number below net.ipv4.vs, as it is. sync_threshold has two: the second is sync_threshold_period.',
  ['name'],
);
const timeout = gauge(
  'ipvs_timeout_seconds',
  'How long IPVS keeps a connection after its last packet. An empty state is that of a protocol without states.',
  ['protocol', 'state'],
);
const syncDaemon = gauge(
  'ipvs_sync_daemon_running',
  'Whether the thread that tells connections to another director (master) or learns them from one (backup) runs.',
  ['role'],
);
const syncDaemonInfo = gauge('ipvs_sync_daemon_info', 'Where a synchronisation thread that runs does so. Always 1.', [
  'role',
  'interface',
  'sync_id',
]);

export const ipvsSettingsMetrics = [setting, timeout, syncDaemon, syncDaemonInfo];

const directory = '/proc/sys/net/ipv4/vs';

/** The settings of this network namespace. None where the kernel does not show them to it. */
export async function sampleSettings(host: Host): Promise<Sample[]> {
  const names = (await ifPresent(host.listDirectory(directory))) ?? [];
  return (await Promise.all(names.map((name) => readSetting(host, name)))).flat();
}

/** Nothing of one that cannot be read, or is gone since the directory was listed: it must not cost the others. */
async function readSetting(host: Host, name: string): Promise<Sample[]> {
  try {
    const [line = ''] = await readParsed(host, `${directory}/${name}`, splitLines);
    return sampleSetting(name, line);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

/** Left out is what is no number, such as the list of CPUs in est_cpulist. */
function sampleSetting(name: string, line: string): Sample[] {
  if (name === 'est_cpulist' || !/^-?\d+(\s+-?\d+)?\s*$/.test(line)) return [];
  const [first, second] = line.trim().split(/\s+/).map(Number);
  return [
    ...(first === undefined ? [] : [sample(setting, first, { name })]),
    ...(second === undefined ? [] : [sample(setting, second, { name: `${name}_period` })]),
  ];
}

export function sampleSetup({ timeouts, daemons }: IpvsDetail): Sample[] {
  return [
    sample(timeout, timeouts.tcpSeconds, { protocol: 'tcp', state: 'established' }),
    sample(timeout, timeouts.tcpFinSeconds, { protocol: 'tcp', state: 'fin_wait' }),
    sample(timeout, timeouts.udpSeconds, { protocol: 'udp', state: '' }),
    ...['master', 'backup'].map((role) =>
      sample(syncDaemon, daemons.some((one) => one.role === role) ? 1 : 0, { role }),
    ),
    ...daemons.map((one) =>
      sample(syncDaemonInfo, 1, { role: one.role, interface: one.interface, sync_id: String(one.syncId) }),
    ),
  ];
}
