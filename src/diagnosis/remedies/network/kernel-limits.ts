import { networkLimit, networkSetting } from '../../../collectors/network/metrics.ts';
import { bytes, count } from '../../../readings/format.ts';
import type { Readings } from '../../../readings/readings.ts';
import { type Change, sysctlPlan } from '../../commands/sysctl.ts';
import type { AnyFound } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import type { Plan, RemedyKind, Some } from '../../remedy.ts';

const factor = 4;

interface Raised {
  readonly docs: string;
  readonly effect: RemedyKind['effect'];
  readonly preconditions: RemedyKind['preconditions'];
  /** Empty where a setting is not known, or large already. */
  readonly changes: (readings: Readings, found: AnyFound) => readonly Change[];
  readonly words: (change: Change) => Pick<Plan, 'title' | 'tradeOff' | 'verify'>;
}

/** Raises settings of the kernel; the first one is in its words. */
function raise({ docs, effect, preconditions, changes, words }: Raised): RemedyKind {
  return {
    docs,
    effect,
    preconditions,
    plan: (readings, found) => {
      const [first, ...rest] = changes(readings, found);
      if (first === undefined) return undefined;
      const all: Some<Change> = [first, ...rest];
      return { owner: ownerOf(readings), ...words(first), ...sysctlPlan(readings, all, readings.netns) };
    },
  };
}

function raised(setting: string, from: number | undefined): Change[] {
  return from === undefined ? [] : [{ setting, from, to: factor * from }];
}

export const moreTimeWait = raise({
  docs: 'time_wait',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  changes: (readings) => raised('net.ipv4.tcp_max_tw_buckets', readings.value(networkLimit, { limit: 'time_wait' })),
  words: ({ to }) => ({
    title: `Let ${count(to)} closed connections wait for late packets`,
    tradeOff: `Each takes 256 bytes for a minute: ${bytes(256 * to)} at most. It does not give source ports back: a program that keeps connections open and uses them again needs neither.`,
    verify: ['nstat -az TcpExtTCPTimeWaitOverflow', 'ss -s'],
  }),
});

/** One queue for each processor. */
export const longerReceiveQueue = raise({
  docs: 'receive-queues',
  effect: 'relief',
  preconditions: ['sysctl-writable', 'host-namespace'],
  changes: (readings) =>
    raised('net.core.netdev_max_backlog', readings.value(networkLimit, { limit: 'receive_queue' })),
  words: ({ to }) => ({
    title: `Let ${count(to)} received packets wait for each processor`,
    tradeOff:
      'Helps against bursts. A processor that is always busy stays too slow: spread the packets over more of them (ethtool -L, or rps_cpus of the interface).',
    verify: ['cat /proc/net/softnet_stat', 'lvs-exporter diagnose'],
  }),
});

export const moreNeighbours = raise({
  docs: 'neighbour-tables',
  effect: 'relief',
  preconditions: ['sysctl-writable', 'host-namespace'],
  changes: (readings, found) => {
    if (found.id !== 'neighbour-table-full') return [];
    const { family } = found.details;
    const name = (number: number) => `${family}.neigh.default.gc_thresh${number}`;
    const third = readings.value(networkLimit, { limit: `neighbours_${family}` });
    const second = readings.value(networkSetting, { name: name(2) });
    // The larger one first: between them the table collects its garbage.
    return [...raised(`net.${name(3)}`, third), ...raised(`net.${name(2)}`, second)];
  },
  words: ({ to }) => ({
    title: `Let the host keep the hardware addresses of ${count(to)} neighbours`,
    tradeOff: `Each takes about 400 bytes. It does not help against a program that tries every address of a large network.`,
    verify: ['ip -s neighbour show | wc -l', 'lvs-exporter diagnose'],
  }),
});

/** Above it a buffer holds more than a program reads within a second or two. */
const largeBufferBytes = 16_777_216;

/** A program has the first one, unless it asks for its own size, up to the second. */
const bufferSettings = ['core.rmem_default', 'core.rmem_max'] as const;

export const largerUdpBuffers = raise({
  docs: 'udp-buffers',
  effect: 'cure',
  preconditions: ['sysctl-writable', 'host-namespace'],
  changes: (readings) =>
    bufferSettings.flatMap((name) => {
      const from = readings.value(networkSetting, { name });
      return from === undefined || from >= largeBufferBytes ? [] : raised(`net.${name}`, from);
    }),
  words: ({ to }) => ({
    title: `Give each UDP socket a receive buffer of ${bytes(to)}, then restart the program`,
    tradeOff:
      'Helps against bursts. A program that is always too slow needs more threads or more processes. Only sockets that are opened afterwards get the size; a program may ask for a size of its own (SO_RCVBUF, or an option such as so-rcvbuf of unbound).',
    verify: ['nstat -az UdpRcvbufErrors Udp6RcvbufErrors', 'lvs-exporter diagnose'],
  }),
});
