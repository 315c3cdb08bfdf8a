import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dump, dumpKinds, type Host, type Keepalived } from '../host.ts';
import { ifPresent } from '../read.ts';
import {
  dumpPath,
  type Frame,
  frameFile,
  keepalivedSource,
  platformSource,
  type Recording,
  recordingFile,
  recordingFormat,
} from './frame.ts';

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
  const recording = await readRecording(directory);
  const frames = await readFrames(directory);
  const lastFrame = frames.at(-1);
  if (!lastFrame) throw new Error(`Cannot replay "${directory}": it has no complete moment (no ${frameFile})`);
  const length = lastFrame.frame.seconds + recording.everySeconds;
  const started = now();

  /** Seconds into the recording. */
  const position = () => (((now() - started) / 1000) * speed) % length;
  const until = (seconds: number) => frames.filter(({ frame }) => frame.seconds <= seconds).reverse();

  function find<T>(source: string, pick: (stored: StoredFrame) => T | undefined): T {
    for (const stored of until(position())) {
      const code = stored.frame.errors[source];
      if (code !== undefined) throw systemError(code, source);
      const found = pick(stored);
      if (found !== undefined) return found;
    }
    throw systemError('ENOENT', source);
  }

  const readText = (path: string) =>
    find(path, ({ folder, files }) => (files.has(path) ? readFile(join(folder, path), 'utf8') : undefined));

  /** The same age as when it was recorded, at this speed. */
  function moveToNow(recordedSeconds: number): number {
    const age = recording.startedSeconds + position() - recordedSeconds;
    return now() / 1000 - age / speed;
  }

  return {
    readFile: async (path) => readText(path),
    readLink: async (path) => find(path, ({ frame }) => frame.links[path]),
    listDirectory: async (path) => find(path, ({ frame }) => frame.directories[path]),
    platform: async () => find(platformSource, ({ frame }) => frame.platform),
    async keepalived(): Promise<Keepalived> {
      const { running, modifiedSeconds } = find(keepalivedSource, ({ frame }) => frame.keepalived);
      const dumps = dumpKinds.map(async (kind): Promise<[string, Dump][]> => {
        const modified = modifiedSeconds[kind];
        if (modified === undefined) return [];
        return [[kind, { text: await readText(dumpPath(kind)), modifiedSeconds: moveToNow(modified) }]];
      });
      return { running, dumps: Object.fromEntries((await Promise.all(dumps)).flat()) };
    },
  };
}

interface StoredFrame {
  readonly frame: Frame;
  readonly folder: string;
  /** Paths of the files it holds, as on the machine. */
  readonly files: ReadonlySet<string>;
}

async function readRecording(directory: string): Promise<Recording> {
  const text = await ifPresent(readFile(join(directory, recordingFile), 'utf8'));
  if (text === undefined) throw new Error(`Cannot replay "${directory}": it has no ${recordingFile}`);
  const recording: Recording = JSON.parse(text);
  if (recording.format !== recordingFormat) {
    throw new Error(`Cannot replay "${directory}": expected format ${recordingFormat}, got ${recording.format}`);
  }
  return recording;
}

async function readFrames(directory: string): Promise<StoredFrame[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
  const frames = await Promise.all(folders.sort().map(readFrame));
  return frames.flatMap((frame) => (frame ? [frame] : []));
}

/** Undefined for what is no moment, or one whose recording was cut off. */
async function readFrame(folder: string): Promise<StoredFrame | undefined> {
  const text = await ifPresent(readFile(join(folder, frameFile), 'utf8'));
  if (text === undefined) return undefined;
  const names = await readdir(folder, { recursive: true });
  return { frame: JSON.parse(text), folder, files: new Set(names.map((name) => `/${name}`)) };
}

function systemError(code: string, source: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as recorded, ${source}`), { code });
}
