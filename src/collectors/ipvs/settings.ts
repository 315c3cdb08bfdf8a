import { hasCode, ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import type { IpvsDetail } from '../../netlink/ipvs/ipvs.ts';
import { splitLines } from '../../parsers/lines.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { isSourceError } from '../attempts.ts';
import { ipvsSetting, ipvsSyncDaemonInfo, ipvsSyncDaemonRunning, ipvsTimeoutSeconds } from './metrics.ts';

const directory = '/proc/sys/net/ipv4/vs';

export interface SettingsReading {
  readonly settings: readonly Sample[];
  /** Why the first setting that is left out cannot be read. Undefined where none is. */
  readonly problem: Error | undefined;
  /**
   * Whether the kernel no longer adds up what its CPUs count, so that ip_vs_stats and the counters of services and real
   * servers stay as they are. ip_vs_stats_percpu goes on.
   */
  readonly isFrozen: boolean;
}

/** The settings of this network namespace. None where the kernel does not show them to it. */
export async function readSettings(host: Host): Promise<SettingsReading> {
  const names = (await ifPresent(host.listDirectory(directory))) ?? [];
  const outcomes = await Promise.all(names.map((name) => readSetting(host, name)));
  const read = outcomes.flatMap((outcome) => (outcome instanceof Error ? [] : outcome));
  return {
    settings: read.flatMap(sampleSetting),
    problem: outcomes.find((outcome) => outcome instanceof Error),
    isFrozen: read.some(stopsEstimation),
  };
}

interface Setting {
  readonly name: string;
  readonly line: string;
}

/** The error of one that cannot be read, which must not cost the others. Nothing of one that is gone or root's alone. */
async function readSetting(host: Host, name: string): Promise<Setting[] | Error> {
  try {
    const [line = ''] = await readParsed(host, `${directory}/${name}`, splitLines);
    return [{ name, line: line.trim() }];
  } catch (error) {
    if (!isSourceError(error)) throw error;
    return hasCode(error, 'ENOENT', 'EACCES', 'EPERM') ? [] : error;
  }
}

/** `ip_vs_est_stopped_recalc()`: the estimators add up the counters, and run on the CPUs of a list that may be empty. */
function stopsEstimation({ name, line }: Setting): boolean {
  return (name === 'run_estimation' && line === '0') || (name === 'est_cpulist' && line === '');
}

/** Left out is what is no number, such as the list of CPUs in est_cpulist. */
function sampleSetting({ name, line }: Setting): Sample[] {
  if (name === 'est_cpulist' || !/^-?\d{1,20}(\s+-?\d{1,20})?$/.test(line)) return [];
  const [first, second] = line.split(/\s+/).map(Number);
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
