import { seriesLimited } from '../exporter-metrics.ts';
import type { Host } from '../host.ts';
import { gauge, type Sample, sample } from '../metric.ts';
import { parseIpVs } from '../parsers/ip-vs.ts';
import { ifPresent, parseFrom } from '../read.ts';
import { listServices } from './checked-services.ts';
import { disagreementMetrics, findDisagreements } from './ipvs-disagreements.ts';
import { readChecks } from './keepalived-checks.ts';

const disagreements = gauge(
  'keepalived_ipvs_disagreements',
  'Differences between what keepalived has given to the kernel and what the kernel has. 0 normally; absent where nothing was compared.',
);

export const ipvsComparisonMetrics = [disagreements, ...disagreementMetrics];

const file = '/proc/net/ip_vs';

/** Disagreements that are told one by one: more than so many are one fault. */
const mostTold = 1000;

/**
 * Holds the dumps that `renewDumps` makes keepalived write against the kernel's IPVS table.
 *
 * The table is read before and after it: what differs from the dump in both readings was so when the dump was written. A
 * server that keepalived adds or removes meanwhile differs in one of them only. Nothing is compared without virtual
 * servers. Those that a keepalived gives to another network namespace are left out.
 */
export async function compareWithKernel(
  host: Host,
  collector: string,
  renewDumps: () => Promise<void>,
): Promise<Sample[]> {
  const before = await ifPresent(host.readFile(file));
  await renewDumps();
  const checks = readChecks((await ifPresent(host.keepalived())) ?? []).filter(({ ownNamespace }) => ownNamespace);
  const after = await ifPresent(host.readFile(file));
  if (before === undefined || after === undefined || checks.length === 0) return [];
  const services = listServices(checks.flatMap(({ virtualServers }) => virtualServers));
  const [earlier, later] = [before, after].map((text) =>
    findDisagreements(services, parseFrom(file, text, parseIpVs).virtualServers),
  );
  const lasting = intersect(earlier ?? [], later ?? []);
  const told = lasting.slice(0, mostTold);
  return [
    sample(disagreements, lasting.length),
    sample(seriesLimited, lasting.length - told.length, { collector }),
    ...told,
  ];
}

function intersect(some: readonly Sample[], others: readonly Sample[]): Sample[] {
  const identify = ({ metric, labels }: Sample) => `${metric.name} ${JSON.stringify(labels)}`;
  const known = new Set(some.map(identify));
  return others.filter((one) => known.has(identify(one)));
}
