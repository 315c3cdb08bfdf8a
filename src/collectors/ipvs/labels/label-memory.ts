import type { RealServer } from '../../../parsers/procfs/ipvs/ip-vs-row.ts';
import { type Labels, labelRealServer, type VirtualServerLabels } from './labels.ts';

/** Gives the labels of a real server: the object that the last scrape had, if its labels are equal. */
export type Recall = (virtualServer: VirtualServerLabels, real: RealServer) => Labels;

interface Remembered {
  readonly virtualServer: VirtualServerLabels;
  readonly labels: Labels;
}

/**
 * Begins a scrape, each time it is called. joinServers() makes sure that no two real servers have equal labels.
 * Thousands of real servers that stay as they are need them only once.
 */
export function createLabelMemory(): () => Recall {
  let last: readonly Remembered[] = [];
  return () => {
    const before = last;
    const present: Remembered[] = [];
    last = present;
    let [given, recalled]: (VirtualServerLabels | undefined)[] = [];
    return (virtualServer, real) => {
      const earlier = before[present.length];
      // The real servers of one follow one another: its labels are compared once for all of them.
      if (virtualServer !== given) {
        recalled = earlier && areEqual(earlier.virtualServer, virtualServer) ? earlier.virtualServer : virtualServer;
        given = virtualServer;
      }
      const isSame = earlier !== undefined && earlier.virtualServer === recalled && hasLabels(real, earlier.labels);
      const remembered = isSame ? earlier : remember(recalled ?? virtualServer, real);
      present.push(remembered);
      return remembered.labels;
    };
  };
}

function remember(virtualServer: VirtualServerLabels, real: RealServer): Remembered {
  return { virtualServer, labels: labelRealServer(virtualServer, real) };
}

function hasLabels({ address, port, forward }: RealServer, labels: Labels): boolean {
  return labels.real_address === address && labels.real_port === port && labels.forward === forward;
}

function areEqual(one: Labels, other: Labels): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
