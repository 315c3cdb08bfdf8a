import { type Census, createCensus } from '../../flows/census/census.ts';
import { createTargets, type TargetTally } from '../../flows/census/nat/targets.ts';
import { createTranslations, type TranslationTally } from '../../flows/census/nat/translations.ts';
import type { Circumstances } from '../../flows/classification/evidence.ts';
import type { FlowSample, FlowSampler } from '../../flows/forecast/turnover/flow-sampler.ts';
import type { PolicyTimeouts } from '../../flows/timeouts.ts';
import type { FlowSource, Host } from '../../host/host.ts';
import type { Flow } from '../../identity/flow.ts';
import { ifReadable } from '../attempts.ts';
import { readCpuCounters, readEntryCount, readSysctls, type Sysctls } from '../conntrack-source.ts';
import { readDirectReturnServers } from './direct-return-servers.ts';

/** How much of a table is read. */
export interface ScanLimits {
  /** Tables of up to this many entries are read whole. Of a larger one `sampleEntries` are read. */
  readonly fullScanMaxEntries: number;
  readonly sampleEntries: number;
}

/** Destinations that are judged. More than are reported, because a verdict also looks at the others of an address. */
const judgedDestinations = 200;

/** What one reading of the table found. */
export interface TableScan {
  readonly census: Census;
  readonly translations: readonly TranslationTally[];
  readonly targets: readonly TargetTally[];
  readonly sample: FlowSample;
  readonly source: FlowSource;
  readonly atSeconds: number;
  readonly durationSeconds: number;
  readonly limit: number;
  readonly timeouts: Sysctls;
  /** By column: a value for each CPU. Undefined where they cannot be read. */
  readonly counters: ReadonlyMap<string, readonly number[]> | undefined;
  readonly directReturnServers: Circumstances['directReturnServers'];
}

/** What the scans before hand on. */
export interface ScanMemory {
  readonly sampler: FlowSampler;
  readonly policies: PolicyTimeouts;
}

export async function scanTable(host: Host, limits: ScanLimits, { sampler, policies }: ScanMemory): Promise<TableScan> {
  // One that is left out is reported by the collector of the settings.
  const { sysctls: timeouts } = await readSysctls(host);
  const directReturnServers = await readDirectReturnServers(host);
  const atSeconds = host.now();
  // The scan itself lowers the count: it removes the expired flows that it meets.
  const count = await readEntryCount(host);
  const taker = createCensus({ timeouts, policies, seed: randomSeed() });
  const translations = createTranslations(randomSeed());
  const targets = createTargets(randomSeed());
  const visit = (flow: Flow) => {
    taker.add(flow);
    translations.add(flow);
    targets.add(flow);
    sampler.add(flow);
  };
  const reading = await host.flows(visit, limitFor(count, limits));
  const durationSeconds = host.now() - atSeconds;
  return {
    census: taker.finish({ count, ...reading }, judgedDestinations),
    translations: translations.list(),
    targets: targets.list(),
    sample: sampler.finish(),
    source: reading.source,
    atSeconds,
    durationSeconds,
    limit: limitOf(timeouts),
    timeouts,
    counters: await readCounters(host),
    directReturnServers,
  };
}

function limitFor(count: number, { fullScanMaxEntries, sampleEntries }: ScanLimits): { limit?: number } {
  return count <= fullScanMaxEntries ? {} : { limit: sampleEntries };
}

function limitOf(sysctls: Sysctls): number {
  return sysctls.get('nf_conntrack_max') ?? 0;
}

/** So that a sender cannot choose addresses that the census would confuse. */
export function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

/** Where they cannot be read, the collector of the counters reports it. */
async function readCounters(host: Host): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
  const reading = await ifReadable(readCpuCounters(host));
  if (!reading) return undefined;
  const cpus = [...reading.cpus.values()];
  const columns = new Set(cpus.flatMap((counters) => [...counters.keys()]));
  return new Map([...columns].map((column) => [column, cpus.map((counters) => counters.get(column) ?? 0)]));
}
