import type { FlowReading } from '../../src/host/host.ts';
import { createFlow, type Flow } from '../../src/identity/flow.ts';
import { endOf, randomNumbers, show } from '../../test/flows/simulated-table.ts';
import { drawPoisson } from './chance.ts';
import { isAssured, isInUse, type Lane, meetAll, meetFirst, type Stream } from './lanes.ts';

/**
 * The table of a kernel, a second at a time. Flows of a stream that began in the same second are counted and not kept
 * one by one, so that two weeks can be simulated; a reading hands them out one by one.
 */
export interface RaceTable {
  seconds(): number;
  limit(): number;
  setLimit(limit: number): void;
  /** nf_conntrack_count: with the entries that expired and were not yet removed. */
  count(): number;
  counters(): Counters;
  /** Lets a second pass. */
  advance(): void;
  /** `conntrack -F`. Connections in use come back with their next packet. */
  flush(): void;
  /** Reads the table as the exporter does over netlink: expired entries that are met are removed. */
  read(visit: (flow: Flow) => void, limit?: number): FlowReading;
}

/** Columns of /proc/net/stat/nf_conntrack. */
export interface Counters {
  readonly invalid: number;
  readonly drop: number;
  readonly early_drop: number;
}

/** GC_SCAN_INTERVAL_MAX of Linux 5.15 and later. */
const gcIntervalSeconds = 60;

/**
 * NF_CT_EVICTION_RANGE: buckets that early_drop() looks into. Each flow is in the table twice, so with as many buckets
 * as the limit a full table has two flows in each.
 */
const evictionRange = 8;
const flowsPerBucket = 2;

export interface RaceTableOptions {
  readonly limit: number;
  /** What the clock shows at first, when the table is empty. */
  readonly startSeconds: number;
  readonly seed: number;
  /** Between two passes of the garbage collector. */
  readonly gcSeconds?: number | undefined;
}

export function createRaceTable(
  streams: readonly Stream[],
  { limit, startSeconds, seed, gcSeconds = gcIntervalSeconds }: RaceTableOptions,
): RaceTable {
  const random = randomNumbers(seed);
  const lanes = streams.map((stream): Lane => {
    const life = stream.life(random);
    return { stream, life, lifetime: endOf(life), cohorts: [] };
  });
  const counters = { invalid: 0, drop: 0, early_drop: 0 };
  let most = limit;
  let now = startSeconds;
  let entries = 0;

  function begin(lane: Lane, second: number): void {
    const wanted = drawPoisson(lane.stream.perSecond(second), random);
    const room = Math.max(0, most - entries);
    const flows = Math.min(wanted, room) + (wanted > room ? replaceOthers(wanted - room) : 0);
    if (flows > 0) lane.cohorts.push({ bornAt: second + 0.5, flows });
    entries += flows;
    counters.invalid += wanted * (lane.stream.invalidPackets ?? 0);
  }

  /** Evicts flows that are not assured, as many as find one. The others are dropped. */
  function replaceOthers(wanted: number): number {
    const victims = lanes.flatMap(({ life, cohorts }) =>
      cohorts.filter(({ bornAt }) => !isAssured(life, now - bornAt)),
    );
    const evictable = victims.reduce((total, { flows }) => total + flows, 0);
    const foundNone = Math.exp((-evictable / entries) * evictionRange * flowsPerBucket);
    const evicted = Math.min(evictable, Math.round(wanted * (1 - foundNone)));
    let share = 0;
    for (const cohort of victims) {
      share += (cohort.flows / evictable) * evicted;
      const taken = Math.min(cohort.flows, Math.floor(share + 1e-6));
      share -= taken;
      cohort.flows -= taken;
      entries -= taken;
    }
    counters.early_drop += evicted;
    counters.drop += wanted - evicted;
    return evicted;
  }

  /** A flow that a packet takes out of the table does not wait for the garbage collector. */
  function removeExpired(among: readonly Lane[]): void {
    for (const lane of among) {
      const kept = lane.cohorts.findIndex(({ bornAt }) => bornAt + lane.lifetime > now);
      const expired = lane.cohorts.splice(0, kept < 0 ? lane.cohorts.length : kept);
      entries -= expired.reduce((total, { flows }) => total + flows, 0);
    }
  }

  function read(visit: (flow: Flow) => void, share: number): number {
    const met = share < 1 ? meetFirst(lanes, now, share) : meetAll(lanes, now);
    const flow = createFlow();
    let handed = 0;
    for (const { lane, bornAt, client } of met) {
      show(flow, { life: lane.life, bornAt }, now, false);
      flow.source.address.setUint32(0, lane.stream.clients === undefined ? client : client % lane.stream.clients);
      flow.source.port = 1024 + (client & 0x7fff);
      visit(flow);
      handed++;
    }
    return handed;
  }

  return {
    seconds: () => now,
    limit: () => most,
    setLimit(limit) {
      most = limit;
    },
    count: () => entries,
    counters: () => counters,
    advance() {
      const second = now++;
      // A port that is used again makes room before its new flow needs it.
      removeExpired(now % gcSeconds === 0 ? lanes : lanes.filter(({ life }) => life.removedAt !== undefined));
      for (const lane of lanes) begin(lane, second);
    },
    flush() {
      for (const lane of lanes) {
        lane.cohorts = lane.cohorts.filter(({ bornAt }) => isInUse(lane.life, now - bornAt));
      }
      entries = lanes.reduce((total, { cohorts }) => total + cohorts.reduce((sum, { flows }) => sum + flows, 0), 0);
    },
    read(visit, limit) {
      removeExpired(lanes);
      const live = entries;
      const complete = limit === undefined || live <= limit;
      const handed = read(visit, complete ? 1 : limit / live);
      return {
        entries: handed,
        complete,
        interrupted: false,
        source: 'netlink',
        ...(limit !== undefined && { liveCount: live }),
      };
    },
  };
}
