import type { Host } from '../../src/host/host.ts';
import { timeouts } from '../../test/flows/simulated-table.ts';
import { absent, createHost } from '../../test/machine.ts';
import type { Counters, RaceTable } from './table.ts';

const settings = '/proc/sys/net/netfilter/';
const buckets = 262_144;

/**
 * A compute host that has connection tracking, and neither IPVS nor keepalived.
 *
 * @param set settings of `net.netfilter` that are not the kernel's defaults.
 */
export function createRaceHost(table: RaceTable, set: Readonly<Record<string, number>>): Host {
  const sysctls = (): ReadonlyMap<string, number> =>
    new Map([
      ...timeouts,
      ...Object.entries(set),
      ['nf_conntrack_count', table.count()],
      ['nf_conntrack_max', table.limit()],
      ['nf_conntrack_buckets', buckets],
    ]);
  const readSysctl = (path: string) => {
    const value = path.startsWith(settings) ? sysctls().get(path.slice(settings.length)) : undefined;
    return value === undefined ? absent(path) : `${value}\n`;
  };
  return {
    ...createHost({}),
    now: table.seconds,
    readFile: async (path) =>
      path === '/proc/net/stat/nf_conntrack' ? renderCounters(table.count(), table.counters()) : readSysctl(path),
    listDirectory: async (path) => (settings.startsWith(path) ? [...sysctls().keys()] : absent(path)),
    flows: async (visit, options) => table.read(visit, options?.limit),
  };
}

/** /proc/net/stat/nf_conntrack of a machine with one CPU. */
function renderCounters(entries: number, { invalid, drop, early_drop }: Counters): string {
  const columns = { entries, clashres: 0, found: 0, invalid, chainlength: 0, insert_failed: 0, drop, early_drop };
  const hex = Object.values(columns).map((value) => (value % 2 ** 32).toString(16).padStart(8, '0'));
  return `${Object.keys(columns).join(' ')}\n${hex.join(' ')}\n`;
}
