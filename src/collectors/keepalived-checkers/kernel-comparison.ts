import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { parseFrom, readParsed } from '../../host/read.ts';
import type { IpvsService } from '../../netlink/ipvs/service.ts';
import { parseIpVs } from '../../parsers/procfs/ipvs/ip-vs.ts';
import { parseNetDev } from '../../parsers/procfs/net-dev.ts';
import { seriesLimited } from '../../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { readDetail } from '../ipvs/detail.ts';
import { findOtherServiceManager } from '../platform/service-manager.ts';
import { findServiceProxy } from '../platform/service-proxy.ts';
import { readChecks } from './checks.ts';
import { findDisagreements, isMissingService, isUnmanagedService } from './disagreements.ts';
import { keepalivedIpvsDisagreements } from './metrics.ts';
import { listCheckedServices } from './services.ts';

const file = '/proc/net/ip_vs';

/** Disagreements that are exported one by one: more than so many are one fault. */
const maxReported = 1000;

/**
 * Holds the dumps that `renewDumps` makes keepalived write against the kernel's IPVS table.
 *
 * The table is read before and after it: what differs from the dump in both readings was so when the dump was written. A
 * server that keepalived adds or removes meanwhile differs in one of them only. Nothing is compared without virtual
 * servers. Those that a keepalived gives to another network namespace are left out. A dump that is not read completely
 * is not compared: what is missing in it is not missing in the configuration.
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
  if (checks.some(({ skipped }) => skipped.lines > 0)) return [];
  const services = listCheckedServices(checks.flatMap(({ virtualServers }) => virtualServers));
  const [earlier, later] = [before, after].map((text) =>
    findDisagreements(services, parseFrom(file, text, parseIpVs).virtualServers),
  );
  const found = await withoutLeftOut(host, intersect(earlier ?? [], later ?? []));
  const lasting = await withoutOthers(host, found, after);
  const reported = lasting.slice(0, maxReported);
  return [
    sample(keepalivedIpvsDisagreements, lasting.length),
    sample(seriesLimited, lasting.length - reported.length, { collector }),
    ...reported,
  ];
}

/** Services that the kernel has and its file leaves out, as `joinServers` shows, are not missing. */
async function withoutLeftOut(host: Host, found: Sample[]): Promise<Sample[]> {
  if (!found.some(isMissingService)) return found;
  const { services = [] } = (await readDetail(host)) ?? {};
  return found.filter((one) => !isMissingService(one) || !services.some((service) => isOf(service, one)));
}

/** Beside a program that sets up virtual servers too, those that keepalived does not configure count as its own. */
async function withoutOthers(host: Host, found: Sample[], table: string): Promise<Sample[]> {
  if (!found.some(isUnmanagedService)) return found;
  const devices = (await ifPresent(readParsed(host, '/proc/net/dev', parseNetDev))) ?? [];
  const hasOther =
    (await findServiceProxy(host, devices, table)) !== '' || (await findOtherServiceManager(host, true)) !== '';
  return hasOther ? found.filter((one) => !isUnmanagedService(one)) : found;
}

function isOf({ protocol, address, port, fwmark, family }: IpvsService, { labels }: Sample): boolean {
  const identity = fwmark === '' ? { protocol, address, port } : { fwmark, family };
  return Object.entries(identity).every(([name, value]) => labels[name] === value);
}

function intersect(some: readonly Sample[], others: readonly Sample[]): Sample[] {
  const identify = ({ metric, labels }: Sample) => `${metric.name} ${JSON.stringify(labels)}`;
  const known = new Set(some.map(identify));
  return others.filter((one) => known.has(identify(one)));
}
