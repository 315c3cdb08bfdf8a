import { isAbsent, isNetlinkUnavailable } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import { readParsed } from '../host/read.ts';
import type { InterfaceStatistics } from '../netlink/ethtool/statistics.ts';
import { parseNetDev } from '../parsers/procfs/net-dev.ts';
import type { Collector } from '../scrape/collector.ts';
import { type Sample, sample } from '../scrape/metric.ts';
import { ethtoolAllowanceExceededTotal, ethtoolConntrackAllowanceAvailable } from './ethtool-metrics.ts';

/** Drivers that report what the hop upstream allows: a tenant can read its table there and nowhere else. */
const drivers = ['ena'];

/** As `ethtool -S` does, by ioctl. */
export const ethtool: Collector = {
  name: 'ethtool',
  help: 'Network allowances of an EC2 instance, such as tracked connections, from the statistics of the ENA driver.',
  metrics: [ethtoolAllowanceExceededTotal, ethtoolConntrackAllowanceAvailable],
  schedule: '*/15 * * * * *',
  async collect(host) {
    const interfaces = await readParsed(host, '/proc/net/dev', parseNetDev);
    const statistics = await readStatistics(host, interfaces);
    const samples = statistics?.flatMap(sampleAllowances);
    if (samples?.length === 0) throw absent();
    return samples ?? [];
  },
};

/** Undefined where the system calls are not available. */
async function readStatistics(
  host: Host,
  interfaces: readonly string[],
): Promise<readonly InterfaceStatistics[] | undefined> {
  try {
    return await host.interfaceStatistics(interfaces, drivers);
  } catch (error) {
    if (isNetlinkUnavailable(error) && !isAbsent(error)) return undefined;
    throw error;
  }
}

function sampleAllowances({ interface: name, counters }: InterfaceStatistics): Sample[] {
  return Object.entries(counters).flatMap(([counter, value]) => {
    const [, allowance, what] = /^(\w+)_allowance_(exceeded|available)$/.exec(counter) ?? [];
    if (what === 'exceeded' && allowance !== undefined) {
      return [sample(ethtoolAllowanceExceededTotal, value, { interface: name, allowance })];
    }
    const isConntrack = what === 'available' && allowance === 'conntrack';
    return isConntrack ? [sample(ethtoolConntrackAllowanceAvailable, value, { interface: name })] : [];
  });
}

function absent(): NodeJS.ErrnoException {
  return Object.assign(new Error('ENOENT: no interface has a driver that reports allowances'), { code: 'ENOENT' });
}
