import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import type { IpvsDetail } from '../../netlink/ipvs/ipvs.ts';
import { splitLines } from '../../parsers/lines.ts';
import { ParseError } from '../../parsers/parse-error.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { ipvsSetting, ipvsSyncDaemonInfo, ipvsSyncDaemonRunning, ipvsTimeoutSeconds } from './metrics.ts';

const directory = '/proc/sys/net/ipv4/vs';

/** The settings of this network namespace. None where the kernel does not show them to it. */
export async function sampleSettings(host: Host): Promise<Sample[]> {
  const names = (await ifPresent(host.listDirectory(directory))) ?? [];
  return (await Promise.all(names.map((name) => readSetting(host, name)))).flat();
}

/**
 * With run_estimation=0, Linux 6.1 and later never add up what the CPUs count: ip_vs_stats and the counters of services
 * and real servers stay as they are (ip_vs_start_estimator()). ip_vs_stats_percpu goes on.
 */
export function isFrozen(settings: readonly Sample[]): boolean {
  return settings.some(({ labels, value }) => labels.name === 'run_estimation' && value === 0);
}

/** Nothing of one that cannot be read, or is gone since the directory was listed: it must not cost the others. */
async function readSetting(host: Host, name: string): Promise<Sample[]> {
  try {
    const [line = ''] = await readParsed(host, `${directory}/${name}`, splitLines);
    return sampleSetting(name, line);
  } catch (error) {
    if (error instanceof ParseError || !(error instanceof Error && 'code' in error)) throw error;
    return [];
  }
}

/** Left out is what is no number, such as the list of CPUs in est_cpulist. */
function sampleSetting(name: string, line: string): Sample[] {
  if (name === 'est_cpulist' || !/^-?\d{1,20}(\s+-?\d{1,20})?\s*$/.test(line)) return [];
  const [first, second] = line.trim().split(/\s+/).map(Number);
  return [
    ...(first === undefined ? [] : [sample(ipvsSetting, first, { name })]),
    ...(second === undefined ? [] : [sample(ipvsSetting, second, { name: `${name}_period` })]),
  ];
}

export function sampleSetup({ timeouts, daemons }: IpvsDetail): Sample[] {
  return [
    sample(ipvsTimeoutSeconds, timeouts.tcpSeconds, { protocol: 'tcp', state: 'established' }),
    sample(ipvsTimeoutSeconds, timeouts.tcpFinSeconds, { protocol: 'tcp', state: 'fin_wait' }),
    sample(ipvsTimeoutSeconds, timeouts.udpSeconds, { protocol: 'udp', state: '' }),
    ...['master', 'backup'].map((role) =>
      sample(ipvsSyncDaemonRunning, daemons.some((one) => one.role === role) ? 1 : 0, { role }),
    ),
    ...daemons.map((one) =>
      sample(ipvsSyncDaemonInfo, 1, { role: one.role, interface: one.interface, sync_id: String(one.syncId) }),
    ),
  ];
}
