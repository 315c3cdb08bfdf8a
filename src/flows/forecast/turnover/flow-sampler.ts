import type { Flow } from '../../../identity/flow.ts';
import { classKey, timerOf } from '../../classification/flow-class.ts';

/** A flow that is looked for again in the next reading. What was seen of it before is filled in by turnover.ts. */
export interface SampledFlow {
  readonly classKey: string;
  /** 0 for a protocol without ports. */
  readonly destinationPort: number;
  /** Whether its timer is set once on entering the class. */
  readonly setOnce: boolean;
  /** Whether it is a connection in use, whose end its timer does not show. */
  readonly isOpen: boolean;
  /** Seconds, rounded down; Infinity while the flow is offloaded. */
  readonly remaining: number;
  /** Seconds since it began, and packets sent: undefined unless the kernel stamps or counts. */
  readonly ageSeconds: number | undefined;
  readonly originalPackets: number | undefined;
  /** Flows read before it. A kernel walks its table in the same order each time. */
  readonly position: number;
  /**
   * True when the timer was set once since the flow entered its class: it is new there, and its timer shows its age.
   * False once a packet renewed it. Undefined when the first reading met it.
   */
  fresh: boolean | undefined;
  /** Since the reading before: new in the table, and new in its class. */
  isNew: boolean;
  entered: boolean;
  /** Since the reading before: a connection that is in use now and was not, or the other way round. */
  opened: boolean;
  closed: boolean;
  /** Seconds for which readings have met it as one in use; of one that closed, until then. */
  openSeconds: number;
  /** Its time left is none that the settings of the kernel give. */
  custom: boolean;
}

/** Flows of one reading, chosen by a hash of their tuple, so that the next reading chooses the same ones. */
export interface FlowSample {
  readonly flows: ReadonlyMap<number, SampledFlow>;
  /** Flows with a hash below this were chosen: 2^32 for all of them. */
  readonly hashesBelow: number;
  readonly read: number;
}

export interface FlowSampler {
  add(flow: Flow): void;
  finish(): FlowSample;
}

/** Flows followed at a time, about 200 bytes of memory each. */
export const sampleCapacity = 8192;

/** All hashes: the sample has every flow. */
export const allHashes = 2 ** 32;

/**
 * Chooses at most `capacity` flows, whatever their number: when there are more, the half with the higher hashes goes.
 *
 * @param seed the same for all readings that are compared; a random number, so that senders cannot choose their hash.
 * @param hashesBelow where the reading before ended up.
 */
export function createFlowSampler(
  seed: number,
  hashesBelow: number = allHashes,
  capacity: number = sampleCapacity,
): FlowSampler {
  const flows = new Map<number, SampledFlow>();
  let below = hashesBelow;
  let read = 0;

  function halve(): void {
    below /= 2;
    for (const key of flows.keys()) if (key >= below * secondHashes) flows.delete(key);
  }

  return {
    add(flow) {
      const position = read++;
      const hash = hashTuple(flow, seed);
      if (hash >= below) return;
      flows.set(hash * secondHashes + (hashTuple(flow, ~seed) >>> 11), {
        classKey: classKey(flow),
        destinationPort: flow.destination.port,
        setOnce: timerOf(flow) === 'once',
        isOpen: timerOf(flow) === 'open',
        remaining: flow.remainingSeconds ?? Number.POSITIVE_INFINITY,
        ageSeconds: flow.ageSeconds,
        originalPackets: flow.originalPackets,
        position,
        fresh: undefined,
        isNew: false,
        entered: false,
        opened: false,
        closed: false,
        openSeconds: 0,
        custom: false,
      });
      while (flows.size > capacity) halve();
    },
    finish: () => ({ flows, hashesBelow: below, read }),
  };
}

/** Where the next sample begins: there is room for more when this one has less than half. */
export function nextHashesBelow({ flows, hashesBelow }: FlowSample, capacity: number = sampleCapacity): number {
  return Math.min(allHashes, flows.size < capacity / 2 ? 2 * hashesBelow : hashesBelow);
}

/** A key is the hash and 21 bits of another one: 53 bits, the most that a number holds exactly. */
const secondHashes = 2 ** 21;

/** The hash that a key begins with. */
export function hashOfKey(key: number): number {
  return Math.floor(key / secondHashes);
}

function hashTuple({ family, protocol, source, destination, icmpId, originalZone }: Flow, seed: number): number {
  let hash = mix(seed, (protocol << 16) ^ originalZone);
  hash = mix(hash, (source.port << 16) ^ destination.port ^ (icmpId ?? 0));
  hash = mix(hash, source.address.getUint32(0));
  hash = mix(hash, destination.address.getUint32(0));
  for (let offset = 4; family === 6 && offset < 16; offset += 4) {
    hash = mix(hash, source.address.getUint32(offset));
    hash = mix(hash, destination.address.getUint32(offset));
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** One round of MurmurHash3 for 32 bits (Austin Appleby, public domain). */
function mix(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
