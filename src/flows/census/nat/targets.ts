import { type Flow, isSameAddress } from '../../../identity/flow.ts';
import {
  destinationWords,
  type FlowTarget,
  readAddress,
  readDestination,
  writeAddress,
  writeDestination,
} from '../destination-key.ts';
import { hashWords } from '../hash.ts';
import { bump, cell } from '../row-cells.ts';
import { createRowTable } from '../row-table.ts';
import { isForThisHost } from './translations.ts';

/** Datagrams to one destination that NAT sends to one other address. */
export interface TargetTally extends FlowTarget {
  /** The address that packets are sent to. */
  readonly target: string;
  readonly counted: number;
  readonly unreplied: number;
}

export interface TargetTaker {
  add(flow: Flow): void;
  list(): TargetTally[];
}

/** Real servers of all services that one host translates to. More are a cluster, where the largest count. */
const maxTargets = 1024;
const udp = 17;
const targetWords = destinationWords + 4;

/**
 * Counts UDP flows of zone 0 by the address that NAT gives to their destination. Those of TCP end with their connections,
 * which an address that is being replaced may still serve.
 *
 * @param seed a random number: with a known one, a sender could choose addresses that collide.
 */
export function createTargets(seed: number): TargetTaker {
  const rows = createRowTable(maxTargets, targetWords, seed);
  const key = new Uint32Array(targetWords);
  const targetKey = key.subarray(destinationWords);
  return {
    add(flow) {
      if (flow.protocol !== udp || !isForThisHost(flow) || !hasOtherTarget(flow)) return;
      writeDestination(key, flow);
      writeAddress(targetKey, flow.replySource);
      const start = rows.countsAt(rows.find(key, hashWords(key, targetWords, seed)));
      bump(rows.cells, start + cell.entries);
      if (!flow.replied) bump(rows.cells, start + cell.unreplied);
    },
    list: () =>
      Array.from({ length: rows.rows() }, (_, row) => {
        const words = rows.key(row);
        const destination = readDestination(words);
        const target = readAddress(words.subarray(destinationWords), destination.address.includes(':') ? 6 : 4);
        return {
          ...destination,
          target,
          counted: rows.count(row, cell.entries),
          unreplied: rows.count(row, cell.unreplied),
        };
      }),
  };
}

function hasOtherTarget({ family, destination, replySource }: Flow): boolean {
  return !isSameAddress(family, destination.address, replySource.address);
}
