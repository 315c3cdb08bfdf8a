import type { Life, Traffic } from '../../test/flows/simulated-table.ts';

/** Flows that arrive at a table, with what a census distinguishes them by. */
export interface Stream extends Traffic {
  /** Addresses that the flows come from. Without it every flow has its own. */
  readonly clients?: number;
  /** Packets of each flow that are INVALID to a kernel that saw no answer: 2 and up for direct return. */
  readonly invalidPackets?: number;
}

/** The flows of a stream that began in one second. */
interface Cohort {
  /** In the middle of the second. */
  readonly bornAt: number;
  flows: number;
}

/** A flow as a reading meets it. */
interface Met {
  readonly lane: Lane;
  readonly bornAt: number;
  /** A number that is the flow's own. */
  readonly client: number;
}

/** A stream, and its flows in the table. */
export interface Lane {
  readonly stream: Stream;
  readonly life: Life;
  readonly lifetime: number;
  /** The oldest first. All flows of a stream live equally long, so they also expire in this order. */
  cohorts: Cohort[];
}

/** Flows whose timer has not run out. */
export function* meetAll(lanes: readonly Lane[], now: number): Generator<Met> {
  for (const [number, lane] of lanes.entries()) {
    for (const { bornAt, flows } of lane.cohorts) {
      if (bornAt + lane.lifetime <= now) continue;
      for (let index = 0; index < flows; index++) {
        yield { lane, bornAt, client: scatter(birthOf(lane, bornAt) * 2 + index * 0x1_0001 + number * 0x3000_0001) };
      }
    }
  }
}

/** In the order of the hash, as a kernel does: the first ones of one reading are the first ones of the next. */
export function meetFirst(lanes: readonly Lane[], now: number, share: number): Met[] {
  const first: (Met & { place: number })[] = [];
  for (const met of meetAll(lanes, now)) {
    const place = scatter(~met.client);
    if (place < share * 2 ** 32) first.push({ ...met, place });
  }
  return first.sort((one, other) => one.place - other.place);
}

/** Where a port is used again, the flow that comes has the tuple of the one that it takes the place of. */
function birthOf({ life, lifetime }: Lane, bornAt: number): number {
  return life.removedAt === undefined ? bornAt : bornAt % lifetime;
}

function scatter(number: number): number {
  const mixed = Math.imul(number ^ (number >>> 15), 0x9e3779b1);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function phaseAt({ phases }: Life, age: number) {
  return phases.findLast(({ from }) => from <= age) ?? phases[0];
}

export function isAssured(life: Life, age: number): boolean {
  return phaseAt(life, age)?.assured ?? false;
}

export function isInUse(life: Life, age: number): boolean {
  const phase = phaseAt(life, age);
  return phase?.every !== undefined && age <= (phase.lastPacket ?? 0);
}
