import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeParts } from '../async/chunks.ts';
import { type Dump, dumpKinds, type Host, type Keepalived } from '../host/host.ts';
import { parseNfConntrack } from '../parsers/procfs/nf-conntrack.ts';
import {
  addressesPath,
  announcementsSource,
  countersSource,
  dumpPath,
  flowsPath,
  ipvsPath,
  keepalivedSource,
  namespacePrefix,
  openVSwitchPath,
  platformSource,
  type RecordedKeepalived,
  rawTablesPath,
} from './frame.ts';
import { openRecording, type StoredFrame, type StoredRecording } from './stored-frames.ts';

export interface ReplayOptions {
  /** How many times as fast as it was recorded. */
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
  return createReplayHost(stored, { elapsed, speed, now: () => now() / 1000 }, '');
}

interface Clock {
  /** Seconds of the recording that went by since the replay began. */
  readonly elapsed: () => number;
  readonly speed: number;
  /** Unix time in seconds. */
  readonly now: () => number;
}

function createReplayHost(stored: StoredRecording, clock: Clock, prefix: string): Host {
  const { recording, frames, length } = stored;
  const position = () => clock.elapsed() % length;

  /** The last that was read of a source until now. */
  function find<T>(source: string, pick: (stored: StoredFrame) => T | undefined): T {
    const until = frames.filter(({ frame }) => frame.seconds <= position());
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

  /** The same age as when it was recorded, at this speed. */
  function moveToNow(recordedSeconds: number): number {
    const age = recording.startedSeconds + position() - recordedSeconds;
    return clock.now() - age / clock.speed;
  }

  async function restoreKeepalived({
    modifiedSeconds,
    daemon = '',
    ...facts
  }: RecordedKeepalived): Promise<Keepalived> {
    const dumps = dumpKinds.map(async (kind): Promise<[string, Dump][]> => {
      const modified = modifiedSeconds[kind];
      if (modified === undefined) return [];
      const text = await readFile(findFile(dumpPath(daemon, kind)), 'utf8');
      return [[kind, { text, modifiedSeconds: moveToNow(modified) }]];
    });
    return { daemon, ...facts, dumps: Object.fromEntries((await Promise.all(dumps)).flat()) };
  }

  return {
    now: clock.elapsed,
    readFile: async (path) => readFile(findFile(prefix + path), 'utf8'),
    async readParts(path, take) {
      const source = prefix + path;
      const { file, isCut } = find(source, ({ folder, files, frame }) =>
        files.has(source) ? { file: join(folder, source), isCut: frame.cut.includes(source) } : undefined,
      );
      return (await takeParts(createReadStream(file, 'utf8'), take)) && !isCut;
    },
    readLink: async (path) => find(prefix + path, ({ frame }) => frame.links[prefix + path]),
    listDirectory: async (path) => find(prefix + path, ({ frame }) => frame.directories[prefix + path]),
    async flows(visit, options) {
      const path = prefix + flowsPath;
      const recorded = find(path, ({ frame }) => frame.flows[path]);
      const reading = await parseNfConntrack(createReadStream(findFile(path), 'utf8'), visit, options);
      return { ...reading, ...recorded, complete: reading.complete && recorded.complete };
    },
    async conntrackCounters() {
      const recorded = find(prefix + countersSource, ({ frame }) => frame.counters[prefix + countersSource]);
      return recorded.map(({ cpu, counters }) => ({ cpu, counters: new Map(Object.entries(counters)) }));
    },
    ipvs: async () => JSON.parse(await readFile(findFile(prefix + ipvsPath), 'utf8')),
    enter: (namespace) => createReplayHost(stored, clock, namespacePrefix(namespace)),
    platform: async () => find(platformSource, ({ frame }) => frame.platform),
    async keepalived() {
      const recorded = find(keepalivedSource, ({ frame }) => frame.keepalived);
      return await Promise.all([recorded].flat().map(restoreKeepalived));
    },
    async requestDumps() {
      find(keepalivedSource, ({ frame }) => frame.keepalived);
    },
    async announcements() {
      const { subjects, ...rest } = find(announcementsSource, ({ frame }) => frame.announcements);
      const moved = subjects.map((subject) => ({
        ...subject,
        seconds: moveToNow(subject.seconds),
        transitionSeconds: moveToNow(subject.transitionSeconds),
      }));
      return { ...rest, subjects: moved };
    },
    addresses: async () => JSON.parse(await readFile(findFile(prefix + addressesPath), 'utf8')),
    rawTables: async () => readFile(findFile(rawTablesPath), 'utf8'),
    openVSwitch: async () => readFile(findFile(openVSwitchPath), 'utf8'),
  };
}

function systemError(code: string, source: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as recorded, ${source}`), { code });
}
