import { constants } from 'node:fs';
import { join } from 'node:path';
import { takeParts } from '../async/chunks.ts';
import { createSlots } from '../async/slots.ts';
import { type Dump, dumpKinds, type Host, type Keepalived, type KeepalivedProcess } from '../host/host.ts';
import { readRegularFile, readRegularParts } from '../host/regular-file.ts';
import { parseNfConntrack } from '../parsers/procfs/conntrack/nf-conntrack.ts';
import {
  parseAddresses,
  parseInterfaceStatistics,
  parseIpvs,
  parseRecordedNeighbours,
  parseZoneLimits,
} from './answer-schema.ts';
import {
  addressesPath,
  announcementsSource,
  countersSource,
  dumpPath,
  type Frame,
  flowsPath,
  interfaceStatisticsPath,
  ipvsPath,
  keepalivedSource,
  namespacePrefix,
  neighboursPath,
  openVSwitchPath,
  platformSource,
  type RecordedKeepalived,
  rawTablesPath,
  zoneLimitsPath,
} from './frame.ts';
import { shiftTimes } from './shifted-times.ts';
import { openRecording, type StoredFrame, type StoredRecording } from './stored-frames.ts';

export interface ReplayOptions {
  /** Speed of the replay, as a multiple of the recorded speed. */
  readonly speed: number;
  /** Unix time in milliseconds. */
  readonly now?: () => number;
}

/**
 * A Host that gives what a recording holds: from its start, and from the start again after its end. Counters then fall
 * back, as they do when a machine restarts.
 */
export async function openReplay(directory: string, { speed, now = Date.now }: ReplayOptions): Promise<Host> {
  const stored = await openRecording(directory);
  const started = now();
  const elapsed = () => ((now() - started) / 1000) * speed;
  return createReplayHost(stored, { elapsed, speed, startedSeconds: started / 1000 }, '');
}

interface Clock {
  /** Seconds of the recording that went by since the replay began. */
  readonly elapsed: () => number;
  readonly speed: number;
  /** Unix time when the replay began. */
  readonly startedSeconds: number;
}

/** Far more than a recording has of one file. */
const maxFileBytes = 2 ** 25;
const maxOpenFiles = 16;

function createReplayHost(stored: StoredRecording, clock: Clock, prefix: string): Host {
  const inSlot = createSlots(maxOpenFiles);
  const { recording, frames, length } = stored;
  const position = () => clock.elapsed() % length;

  /** The last that was read of a source until now. The first moment counts from the beginning, though it was read a little later. */
  function find<T>(source: string, pick: (stored: StoredFrame) => T | undefined): T {
    const until = frames.filter(({ frame }, index) => index === 0 || frame.seconds <= position());
    for (const moment of until.reverse()) {
      const code = moment.frame.errors[source];
      if (code !== undefined) throw systemError(code, source);
      const found = pick(moment);
      if (found !== undefined) return found;
    }
    throw systemError('ENOENT', source);
  }

  const findFile = (path: string) =>
    find(path, ({ folder, files }) => (files.has(path) ? join(folder, path) : undefined));

  // A recording is a stranger's: no link leads out of it, and no pipe stops the reading.
  const readText = async (path: string) =>
    inSlot(() => readRegularFile(findFile(path), maxFileBytes, constants.O_NOFOLLOW));

  async function readAnswer<T>(path: string, parse: (text: string, path: string) => T): Promise<T> {
    return parse(await readText(prefix + path), prefix + path);
  }

  /**
   * When it happened in this round of the replay: exactly the same each time, or charts would mark it again and again. Not
   * after the moment that has it: keepalived writes its dumps while the machine is read, which the replay does at once.
   */
  function moveToNow(recordedSeconds: number, momentSeconds: number): number {
    const earlierRounds = Math.floor(clock.elapsed() / length) * length;
    const seconds = Math.min(recordedSeconds - recording.startedSeconds, momentSeconds);
    return clock.startedSeconds + (earlierRounds + seconds) / clock.speed;
  }

  async function restoreKeepalived(recorded: RecordedKeepalived, momentSeconds: number): Promise<Keepalived> {
    const { modifiedSeconds, daemon = '', processes, ended = [], ...facts } = recorded;
    const move = (seconds: number) => moveToNow(seconds, momentSeconds);
    const dumps = dumpKinds.map(async (kind): Promise<[string, Dump][]> => {
      const modified = modifiedSeconds[kind];
      if (modified === undefined) return [];
      const text = shiftTimes(await readText(dumpPath(daemon, kind)), move);
      const dump = { text, modifiedSeconds: move(modified) };
      return [[kind, ended.includes(kind) ? { ...dump, ended: true } : dump]];
    });
    const moved = processes && { processes: processes.map((one) => moveProcess(one, move)) };
    return { daemon, ...facts, ...moved, dumps: Object.fromEntries((await Promise.all(dumps)).flat()) };
  }

  return {
    now: clock.elapsed,
    readFile: (path) => readText(prefix + path),
    async readParts(path, take) {
      const source = prefix + path;
      const { file, isCut } = find(source, ({ folder, files, frame }) =>
        files.has(source) ? { file: join(folder, source), isCut: frame.cut.includes(source) } : undefined,
      );
      return (await takeParts(readRegularParts(file, constants.O_NOFOLLOW), take)) && !isCut;
    },
    readLink: async (path) => find(prefix + path, ({ frame }) => frame.links[prefix + path]),
    listDirectory: async (path) => find(prefix + path, ({ frame }) => frame.directories[prefix + path]),
    async flows(visit, options) {
      const path = prefix + flowsPath;
      const recorded = find(path, ({ frame }) => frame.flows[path]);
      const reading = await parseNfConntrack(readRegularParts(findFile(path), constants.O_NOFOLLOW), visit, options);
      return { ...reading, ...recorded, complete: reading.complete && recorded.complete };
    },
    async conntrackCounters() {
      const recorded = find(prefix + countersSource, ({ frame }) => frame.counters[prefix + countersSource]);
      return recorded.map(({ cpu, counters }) => ({ cpu, counters: new Map(Object.entries(counters)) }));
    },
    ipvs: () => readAnswer(ipvsPath, parseIpvs),
    enter: (namespace) => createReplayHost(stored, clock, namespacePrefix(namespace)),
    platform: async () => find(platformSource, ({ frame }) => frame.platform),
    async keepalived() {
      const [recorded, seconds] = find(keepalivedSource, ({ frame }) => withSeconds(frame.keepalived, frame));
      return await Promise.all([recorded].flat().map((one) => restoreKeepalived(one, seconds)));
    },
    async requestDumps() {
      find(keepalivedSource, ({ frame }) => frame.keepalived);
    },
    async announcements() {
      const [recorded, momentSeconds] = find(announcementsSource, ({ frame }) =>
        withSeconds(frame.announcements, frame),
      );
      const { subjects, ...rest } = recorded;
      const moved = subjects.map((subject) => ({
        ...subject,
        seconds: moveToNow(subject.seconds, momentSeconds),
        transitionSeconds: moveToNow(subject.transitionSeconds, momentSeconds),
      }));
      return { ...rest, subjects: moved };
    },
    addresses: () => readAnswer(addressesPath, parseAddresses),
    neighbours: () => readAnswer(neighboursPath, parseRecordedNeighbours),
    interfaceStatistics: () => readAnswer(interfaceStatisticsPath, parseInterfaceStatistics),
    rawTables: () => readText(rawTablesPath),
    openVSwitch: () => readText(openVSwitchPath),
    zoneLimits: () => readAnswer(zoneLimitsPath, parseZoneLimits),
  };
}

function withSeconds<T>(recorded: T | undefined, { seconds }: Frame): [T, number] | undefined {
  return recorded === undefined ? undefined : [recorded, seconds];
}

function moveProcess(process: KeepalivedProcess, move: (seconds: number) => number): KeepalivedProcess {
  const { startSeconds } = process;
  return startSeconds === undefined ? process : { ...process, startSeconds: move(startSeconds) };
}

function systemError(code: string, source: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as recorded, ${source}`), { code });
}
