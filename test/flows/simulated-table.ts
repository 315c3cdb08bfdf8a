import { type Census, createCensus } from '../../src/flows/census/census.ts';
import { noPolicies, type PolicyTimeouts } from '../../src/flows/timeouts.ts';
import { createFlow, type Flow, type FlowRecord } from '../../src/identity/flow.ts';

/** Defaults of Linux 6.18. */
export const timeouts: ReadonlyMap<string, number> = new Map([
  ['nf_conntrack_tcp_timeout_syn_sent', 120],
  ['nf_conntrack_tcp_timeout_syn_recv', 60],
  ['nf_conntrack_tcp_timeout_established', 432_000],
  ['nf_conntrack_tcp_timeout_fin_wait', 120],
  ['nf_conntrack_tcp_timeout_close_wait', 60],
  ['nf_conntrack_tcp_timeout_last_ack', 30],
  ['nf_conntrack_tcp_timeout_time_wait', 120],
  ['nf_conntrack_tcp_timeout_close', 10],
  ['nf_conntrack_tcp_timeout_unacknowledged', 300],
  ['nf_conntrack_udp_timeout', 30],
  ['nf_conntrack_udp_timeout_stream', 120],
  ['nf_conntrack_icmp_timeout', 30],
  ['nf_conntrack_icmpv6_timeout', 30],
  ['nf_conntrack_generic_timeout', 600],
  ['nf_conntrack_gre_timeout', 30],
  ['nf_conntrack_gre_timeout_stream', 180],
  ['nf_conntrack_sctp_timeout_established', 210],
]);

/** A stretch of a flow's life in one state. Its timer is set at its start and with each packet, the last at `lastPacket`. */
export interface Phase {
  readonly from: number;
  readonly state: string;
  readonly replied: boolean;
  readonly assured: boolean;
  readonly timeout: number;
  /** Seconds between packets, the first at `from`. */
  readonly every?: number;
  readonly lastPacket?: number;
}

/** A flow from beginning to end. Times are seconds since it began. */
export interface Life {
  readonly protocol: number;
  readonly source: number;
  readonly sourcePort: number;
  readonly destination: number;
  readonly port: number;
  readonly zone?: number;
  /** The address behind it, where it is translated. */
  readonly translatedTo?: number;
  readonly phases: readonly Phase[];
  /** When a packet takes it out of the table before its timer does. */
  readonly removedAt?: number;
}

/** A flow in a table. */
export interface Entry {
  readonly life: Life;
  readonly bornAt: number;
  readonly expiresAt: number;
  /** Where a dump of the table meets it, 0 to 1. */
  readonly place: number;
}

/** New flows: `perSecond` of them at a time, evenly spaced, each a life of its own. */
export interface Traffic {
  readonly perSecond: (seconds: number) => number;
  readonly life: (random: () => number) => Life;
}

export interface SimulatedTable {
  seconds(): number;
  /** nf_conntrack_count. */
  count(): number;
  evicted(): number;
  /** Lets time pass. */
  run(seconds: number): void;
  flush(): void;
  setLimit(limit: number): void;
  /** Reads the table as a dump does, which removes expired entries when it reads all of them. */
  census(options?: {
    sample?: number;
    stamped?: boolean;
    timeouts?: ReadonlyMap<string, number>;
    walked?: boolean;
    visit?: (flow: Flow) => void;
    policies?: PolicyTimeouts;
  }): Census;
}

/** GC_SCAN_INTERVAL_MAX of Linux 5.15 and later. */
const maxGcInterval = 60;
const tick = 0.1;

/** A connection tracking table: births, expiry, the garbage collector's passes each minute, eviction when it is full. */
export function simulateTable(traffics: readonly Traffic[], limit = 0, gcInterval = maxGcInterval): SimulatedTable {
  const random = randomNumbers(1);
  const place = randomNumbers(2);
  const due = traffics.map(() => 0);
  let most = limit;
  let entries: Entry[] = [];
  let now = 0;
  let nextPass = gcInterval;
  let evicted = 0;
  let anyLeaves = false;

  function removeExpired() {
    entries = entries.filter(({ expiresAt }) => expiresAt > now);
  }

  function begin(life: Life, bornAt: number) {
    if (most > 0 && entries.length >= most) evict();
    anyLeaves ||= life.removedAt !== undefined;
    entries.push({ life, bornAt, expiresAt: bornAt + endOf(life), place: place() });
  }

  function evict() {
    const victim = Math.floor(random() * entries.length);
    entries[victim] = entries.at(-1) ?? entries[victim] ?? fail();
    entries.pop();
    evicted++;
  }

  function advance() {
    now = Math.round((now + tick) * 10) / 10;
    // A flow that a packet takes out of the table does not wait for the garbage collector.
    if (anyLeaves && Number.isInteger(now))
      entries = entries.filter(({ life, expiresAt }) => !life.removedAt || expiresAt > now);
    if (now >= nextPass) {
      removeExpired();
      nextPass += gcInterval;
    }
    traffics.forEach(({ perSecond, life }, index) => {
      due[index] = (due[index] ?? 0) + perSecond(now) * tick;
      for (; (due[index] ?? 0) >= 1; due[index] = (due[index] ?? 0) - 1) begin(life(random), now - random() * tick);
    });
  }

  return {
    seconds: () => now,
    count: () => entries.length,
    evicted: () => evicted,
    run(seconds) {
      for (const end = now + seconds; now < end - tick / 2; ) advance();
    },
    flush() {
      entries = [];
    },
    setLimit(limit) {
      most = limit;
    },
    census({ sample, stamped = false, timeouts: set = timeouts, walked = false, visit, policies = noPolicies } = {}) {
      const census = createCensus({ timeouts: set, policies, seed: 7 });
      const count = entries.length;
      const live = entries.filter(({ expiresAt }) => expiresAt > now);
      const complete = sample === undefined || live.length <= sample;
      if (complete || walked) removeExpired();
      const flow = createFlow();
      for (const entry of complete ? live : live.toSorted((a, b) => a.place - b.place).slice(0, sample)) {
        show(flow, entry, now, stamped);
        census.add(flow);
        visit?.(flow);
      }
      return census.finish({ count, complete, ...(walked && { liveCount: entries.length }) }, 100);
    },
  };
}

/** Shows an entry as the kernel does: whole seconds left, rounded down. */
export function show(
  flow: FlowRecord,
  { life, bornAt }: Pick<Entry, 'life' | 'bornAt'>,
  now: number,
  stamped: boolean,
) {
  const age = now - bornAt;
  const phase = life.phases.findLast(({ from }) => from <= age) ?? life.phases[0] ?? fail();
  flow.protocol = life.protocol;
  flow.source.address.setUint32(0, life.source);
  flow.source.port = life.sourcePort;
  flow.destination.address.setUint32(0, life.destination);
  flow.destination.port = life.port;
  flow.originalZone = life.zone ?? 0;
  expectReply(flow, life.translatedTo ?? life.destination);
  flow.state = phase.state;
  flow.replied = phase.replied;
  flow.assured = phase.assured;
  flow.remainingSeconds = Math.floor(phase.timeout - (age - lastPacketAt(phase, age)));
  flow.ageSeconds = stamped ? age : undefined;
}

/** Sets where a reply comes from; where it goes to is never translated here. */
function expectReply({ source, destination, replySource, replyDestination }: FlowRecord, from: number) {
  replySource.address.setUint32(0, from);
  replySource.port = destination.port;
  replyDestination.address.setUint32(0, source.address.getUint32(0));
  replyDestination.port = source.port;
}

function lastPacketAt({ from, every, lastPacket = from }: Phase, age: number): number {
  if (every === undefined) return from;
  return from + Math.floor((Math.min(age, lastPacket) - from) / every) * every;
}

/** How long a flow is in the table, in seconds, unless it is evicted. */
export function endOf({ phases, removedAt }: Life): number {
  const last = phases.at(-1) ?? fail();
  return removedAt ?? lastPacketAt(last, Number.POSITIVE_INFINITY) + last.timeout;
}

function fail(): never {
  throw new RangeError('The simulation has no such value');
}

/** Numbers from 0 to 1 that are the same each time: mulberry32 (Tommy Ettinger, public domain). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
