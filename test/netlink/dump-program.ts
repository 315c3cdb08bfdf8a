/** A process of its own for the kernel suite: sends every request there is and prints what came of each, as JSON. */
import { dumpFlows, readCpuStatistics, readTableSize } from '../../src/netlink/conntrack/ctnetlink.ts';

const namespace = process.argv[2];
const outcomes = [];
for (const read of [
  () => dumpFlows(() => {}, { namespace }),
  () => dumpFlows(() => {}, { namespace, family: 6, limit: 1 }),
  () => readTableSize({ namespace }),
  () => readCpuStatistics({ namespace }),
]) {
  outcomes.push(await read().catch((error: NodeJS.ErrnoException) => ({ code: error.code, message: error.message })));
}
process.stdout.write(JSON.stringify(outcomes));
