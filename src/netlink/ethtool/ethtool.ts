/**
 * Reads the statistics of network drivers by ioctl, as `ethtool -S` does, which anyone may. Nothing here changes anything.
 *
 * Rejects with a system error: `ENOSYS` on a platform without koffi; `EPERM` where another network namespace cannot be
 * entered.
 */

import { type InterfaceSocket, withInterfaces } from './socket.ts';
import { type InterfaceStatistics, layout, readCounters, readDriver } from './statistics.ts';

/** The only commands that can be sent (include/uapi/linux/ethtool.h): every one of them only asks. */
const commands = { driver: 0x3, names: 0x1b, values: 0x1d, counts: 0x37 } as const;

/** ETH_SS_STATS of enum ethtool_stringset. */
const statisticsSet = 1;

/** The kernel writes as many as there are at that moment: room for those that come with further queues meanwhile. */
const spare = 4096;

export interface StatisticsOptions {
  /** Interfaces of other drivers are left out: asking one may take its device a while. */
  readonly drivers: readonly string[];
  /** A file that stands for the network namespace to read: `/run/netns/director`. Without it, this process's own. */
  readonly namespace?: string | undefined;
}

/** Leaves out interfaces that are gone, and those whose driver lacks the commands. */
export function readInterfaceStatistics(
  interfaces: readonly string[],
  { drivers, namespace }: StatisticsOptions,
): Promise<InterfaceStatistics[]> {
  return withInterfaces(namespace, async (socket) => {
    const found: InterfaceStatistics[] = [];
    for (const name of interfaces) {
      const driver = await unlessUnknown(askDriver(socket, name));
      if (driver === undefined || !drivers.includes(driver)) continue;
      const counters = await unlessUnknown(askCounters(socket, name));
      if (counters !== undefined) found.push({ interface: name, driver, counters });
    }
    return found;
  });
}

async function askDriver(socket: InterfaceSocket, name: string): Promise<string> {
  return readDriver(await socket.ask(name, commands.driver, layout.driverBytes));
}

/** Undefined if the counters changed while they were read. */
async function askCounters(
  socket: InterfaceSocket,
  name: string,
): Promise<InterfaceStatistics['counters'] | undefined> {
  const counts = await socket.ask(name, commands.counts, layout.countBytes, (bytes) =>
    bytes.setBigUint64(layout.countMaskOffset, 1n << BigInt(statisticsSet), layout.isLittleEndian),
  );
  const most = counts.getUint32(layout.countOffset, layout.isLittleEndian) + spare;
  const names = await socket.ask(name, commands.names, layout.namesBytes(most), (bytes) =>
    bytes.setUint32(layout.setOffset, statisticsSet, layout.isLittleEndian),
  );
  return readCounters(names, await socket.ask(name, commands.values, layout.valuesBytes(most)));
}

async function unlessUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    // ENOTSUP is Node.js' name of EOPNOTSUPP.
    if (error instanceof Error && 'code' in error && ['ENOTSUP', 'ENODEV'].includes(String(error.code)))
      return undefined;
    throw error;
  }
}
