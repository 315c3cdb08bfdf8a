import { type Flow, formatAddress, type IpVersion, isSameAddress } from '../../../identity/flow.ts';
import { finish, mix } from '../hash.ts';

/** Flows whose source NAT changed to one address. */
export interface TranslationTally {
  readonly address: string;
  /** Without those that end by themselves within minutes. */
  counted: number;
  unreplied: number;
}

export interface TranslationTaker {
  add(flow: Flow): void;
  list(): readonly TranslationTally[];
}

/** Outgoing addresses of a gateway: more are a table of translations by design. */
const maxAddresses = 1024;

/** States of a connection that is over. */
const endingStates: ReadonlySet<string> = new Set(['TIME_WAIT', 'CLOSE', 'LAST_ACK', 'FIN_WAIT', 'CLOSE_WAIT']);

/** Of an address with the same hash as those after it. */
interface Row {
  readonly family: IpVersion;
  readonly address: DataView;
  readonly tally: TranslationTally;
  readonly next: Row | undefined;
}

/**
 * Counts flows of zone 0 by the address that NAT gives to their source.
 *
 * @param seed a random number: with a known one, a sender could choose addresses that collide.
 */
export function createTranslations(seed: number): TranslationTaker {
  const tallies: TranslationTally[] = [];
  const rows = new Map<number, Row>();

  function find({ family, replyDestination: { address } }: Flow): TranslationTally | undefined {
    const hash = hashAddress(address, seed);
    const first = rows.get(hash);
    for (let row = first; row !== undefined; row = row.next) {
      if (row.family === family && isSameAddress(family, row.address, address)) return row.tally;
    }
    if (tallies.length === maxAddresses) return undefined;
    const tally = { address: formatAddress(family, address), counted: 0, unreplied: 0 };
    tallies.push(tally);
    rows.set(hash, { family, address: copy(address), tally, next: first });
    return tally;
  }

  return {
    add(flow) {
      if (!isForThisHost(flow) || !hasOtherSource(flow) || endingStates.has(flow.state)) return;
      const tally = find(flow);
      if (tally === undefined) return;
      tally.counted++;
      if (!flow.replied) tally.unreplied++;
    },
    list: () => tallies,
  };
}

/** A whole number of 31 bits. */
function hashAddress(address: DataView, seed: number): number {
  let hash = seed;
  for (let offset = 0; offset < address.byteLength; offset += 4) hash = mix(hash, address.getInt32(offset));
  return finish(hash) >>> 1;
}

function copy({ buffer, byteOffset, byteLength }: DataView): DataView {
  return new DataView(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** In zones of their own, Open vSwitch translates to addresses that no interface has. */
export function isForThisHost({ originalZone, replyZone }: Flow): boolean {
  return originalZone === 0 && replyZone === 0;
}

function hasOtherSource({ family, source, replyDestination }: Flow): boolean {
  return !isSameAddress(family, source.address, replyDestination.address);
}
