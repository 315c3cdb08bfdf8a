import type { Host } from '../host.ts';
import { gauge, type Sample, sample } from '../metric.ts';
import { type IpVsTable, parseIpVs } from '../parsers/ip-vs.ts';
import { ParseError } from '../parsers/parse-error.ts';
import { ifPresent } from '../read.ts';
import { listServices } from './checked-services.ts';
import { disagreementMetrics, findDisagreements } from './ipvs-disagreements.ts';
import { readChecks } from './keepalived-checks.ts';

const disagreements = gauge(
  'keepalived_ipvs_disagreements',
  'Differences between what keepalived has given to the kernel and what the kernel has. 0 normally; absent where nothing was compared.',
);

export const ipvsComparisonMetrics = [disagreements, ...disagreementMetrics];

const file = '/proc/net/ip_vs';

/** Disagreements that are told one by one. */
const mostTold = 1000;

/**
 * Holds the dumps that `renewDumps` makes keepalived write against the kernel's IPVS table.
 *
 * The table is read before and after it: what differs from the dump in both readings was so when the dump was written. A
 * server that keepalived adds or removes meanwhile differs in one of them only. Nothing is compared without virtual
 * servers, and where keepalived manages the table of another network namespace.
 */
export async function compareWithKernel(host: Host, renewDumps: () => Promise<void>): Promise<Sample[]> {
  const before = await ifPresent(host.readFile(file));
  await renewDumps();
  const checks = readChecks((await ifPresent(host.keepalived())) ?? []);
  const after = await ifPresent(host.readFile(file));
  const isOwn = checks.every(({ ownNamespace }) => ownNamespace);
  if (before === undefined || after === undefined || checks.length === 0 || !isOwn) return [];
  const services = listServices(checks.flatMap(({ virtualServers }) => virtualServers));
  const [earlier, later] = [before, after].map((text) => findDisagreements(services, parse(text).virtualServers));
  const lasting = intersect(earlier ?? [], later ?? []);
  return [sample(disagreements, lasting.length), ...lasting.slice(0, mostTold)];
}

function parse(text: string): IpVsTable {
  try {
    return parseIpVs(text);
  } catch (error) {
    if (error instanceof ParseError) throw new Error(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function intersect(some: readonly Sample[], others: readonly Sample[]): Sample[] {
  const identify = ({ metric, labels }: Sample) => `${metric.name} ${JSON.stringify(labels)}`;
  const known = new Set(some.map(identify));
  return others.filter((one) => known.has(identify(one)));
}
