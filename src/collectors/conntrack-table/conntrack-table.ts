import { type Census, createCensus } from '../../flows/census/census.ts';
import type { Circumstances } from '../../flows/classification/evidence.ts';
import { judge, type Memory } from '../../flows/classification/judge.ts';
import { judgeSources, type SourceJudgement, type SourceMemory } from '../../flows/classification/sources.ts';
import { counterIncrease } from '../../flows/counter-increase.ts';
import { forecastTable } from '../../flows/forecast/forecast.ts';
import { type History, observe } from '../../flows/forecast/history.ts';
import { outlooksOf } from '../../flows/forecast/outlook.ts';
import {
  createFlowSampler,
  type FlowSample,
  type FlowSampler,
  nextHashesBelow,
} from '../../flows/forecast/turnover/flow-sampler.ts';
import { followFlows, type Turnover } from '../../flows/forecast/turnover/turnover.ts';
import type { FlowSource, Host } from '../../host/host.ts';
import type { Flow } from '../../identity/flow.ts';
import type { FindOwner } from '../../openstack/owner.ts';
import type { Collector } from '../../scrape/collector.ts';
import { sourceInfo } from '../../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { readCpuCounters, readSysctl, readSysctls, type Sysctls } from '../conntrack-source.ts';
import { sampleOwners } from './destination-samples.ts';
import { readDirectReturnServers } from './direct-return-servers.ts';
import { sampleLargestHolder } from './holder-samples.ts';
import { conntrackTableMetrics } from './metrics.ts';
import { sampleArrivals, sampleCensus, sampleFindings, sampleForecast, sampleScan } from './samples.ts';
import { sampleScanning, sampleSources } from './source-samples.ts';
import { sampleZoneOwners } from './zone-samples.ts';

export interface ConntrackTableOptions {
  /** Tables of up to this many entries are read whole. Of a larger one `sampleEntries` are read. */
  readonly wholeEntries: number;
  readonly sampleEntries: number;
  /** Destinations with series of their own, and sources: the largest. */
  readonly destinations: number;
  /** Whether sources have series that leave this machine: addresses of clients are personal data. */
  readonly sources: boolean;
}

/** Destinations that are judged. More than are told, because a verdict also looks at the others of an address. */
const judgedDestinations = 200;

/**
 * Counts the connection tracking table: who fills it, how fast, and when it will be full. A forecast needs the scans
 * before, and so does a verdict that is not to flap: this collector remembers what src/flows/ makes of them.
 *
 * @param askForOwners gives what is known of whose the flows are.
 */
export function createConntrackTable(
  options: ConntrackTableOptions,
  askForOwners: () => Promise<FindOwner> = async () => () => undefined,
): Collector {
  let past: Past = {
    history: [],
    memory: new Map(),
    sourceMemory: new Map(),
    before: undefined,
    turnover: undefined,
  };
  const sampleSeed = randomSeed();
  return {
    name: 'conntrack-table',
    help: 'The connection tracking table itself, over netlink (CAP_NET_ADMIN) or from /proc/net/nf_conntrack.',
    metrics: conntrackTableMetrics,
    schedule: '*/15 * * * * *',
    async collect(host) {
      const hashesBelow = past.turnover && nextHashesBelow(past.turnover.sample);
      const sampler = createFlowSampler(sampleSeed, hashesBelow);
      const scan = await scanTable(host, options, sampler);
      const { present, samples, judgedSources } = interpret(scan, past);
      past = present;
      const findOwner = await askForOwners();
      return [
        sample(sourceInfo, 1, { collector: 'conntrack-table', source: scan.source }),
        ...sampleCensus(scan.census, options.destinations),
        ...sampleHolders(scan.census, judgedSources, options, findOwner),
        ...sampleScan(scan.census, scan.durationSeconds, Date.now() / 1000),
        ...samples,
      ];
    },
  };
}

function sampleHolders(
  census: Census,
  judgedSources: SourceJudgement['judged'],
  { destinations, sources }: ConntrackTableOptions,
  findOwner: FindOwner,
): Sample[] {
  return [
    ...sampleOwners(census, destinations, findOwner),
    ...sampleZoneOwners(census, findOwner),
    ...sampleSources(census, judgedSources, { largest: destinations, areExported: sources }, findOwner),
    ...sampleScanning(census, judgedSources),
    ...sampleLargestHolder(census, findOwner, sources),
  ];
}

/** What one scan hands on to the next. */
interface Past {
  readonly history: History;
  readonly memory: Memory;
  readonly sourceMemory: SourceMemory;
  readonly before: Pick<Scan, 'atSeconds' | 'counters'> | undefined;
  readonly turnover: Turnover | undefined;
}

interface Scan {
  readonly census: Census;
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

async function scanTable(host: Host, options: ConntrackTableOptions, sampler: FlowSampler): Promise<Scan> {
  const timeouts = await readSysctls(host);
  const directReturnServers = await readDirectReturnServers(host);
  const atSeconds = host.now();
  // The scan itself lowers the count: it removes the expired flows that it meets.
  const count = await readSysctl(host, 'nf_conntrack_count');
  const taker = createCensus({ timeouts, seed: randomSeed() });
  const visit = (flow: Flow) => {
    taker.add(flow);
    sampler.add(flow);
  };
  const reading = await host.flows(visit, limitFor(count, options));
  const durationSeconds = host.now() - atSeconds;
  return {
    census: taker.finish({ count, ...reading }, judgedDestinations),
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

function limitFor(count: number, { wholeEntries, sampleEntries }: ConntrackTableOptions): { limit?: number } {
  return count <= wholeEntries ? {} : { limit: sampleEntries };
}

function limitOf(sysctls: Sysctls): number {
  return sysctls.get('nf_conntrack_max') ?? 0;
}

/** So that nobody can choose addresses that the census would take for one another. */
function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

async function readCounters(host: Host): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
  const reading = await readCpuCounters(host);
  if (!reading) return undefined;
  const cpus = [...reading.cpus.values()];
  const columns = new Set(cpus.flatMap((counters) => [...counters.keys()]));
  return new Map([...columns].map((column) => [column, cpus.map((counters) => counters.get(column) ?? 0)]));
}

interface Interpretation {
  readonly present: Past;
  readonly samples: readonly Sample[];
  readonly judgedSources: SourceJudgement['judged'];
}

/** Looks at a scan in the light of those before. */
function interpret(scan: Scan, { history, memory, sourceMemory, before, turnover: past }: Past): Interpretation {
  const { census, atSeconds, limit, counters, directReturnServers, sample, timeouts } = scan;
  const increase = (column: string) => increaseOf(column, before?.counters, counters);
  const evicted = (increase('early_drop') ?? 0) + (increase('drop') ?? 0);
  const turnover = followFlows(past, { atSeconds, sample, census, timeouts, undisturbed: evicted === 0 });
  const present = { atSeconds, census, evicted, outlooks: outlooksOf(census, turnover) };
  const observed = observe(history, present);
  const circumstances = {
    elapsedSeconds: before && atSeconds > before.atSeconds ? atSeconds - before.atSeconds : undefined,
    invalidPackets: increase('invalid'),
    directReturnServers,
  };
  const judgement = judge(memory, census, circumstances);
  const sources = judgeSources(sourceMemory, census);
  return {
    present: {
      history: observed,
      memory: judgement.memory,
      sourceMemory: sources.memory,
      before: { atSeconds, counters },
      turnover,
    },
    judgedSources: sources.judged,
    samples: [
      ...sampleArrivals(census, turnover),
      ...sampleForecast(forecastTable(present, limit, observed)),
      ...sampleFindings(judgement.findings),
    ],
  };
}

function increaseOf(column: string, before: Scan['counters'], after: Scan['counters']): number | undefined {
  const [earlier, later] = [before?.get(column), after?.get(column)];
  return earlier && later ? counterIncrease(earlier, later) : undefined;
}
