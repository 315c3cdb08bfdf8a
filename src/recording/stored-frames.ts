import { constants } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSlots } from '../async/slots.ts';
import { ifPresent } from '../host/errors.ts';
import { readRegularFile } from '../host/regular-file.ts';
import { largeJson, parseBoundedJson } from '../parsers/bounded-json.ts';
import { ParseError } from '../parsers/parse-error.ts';
import { emptyFrame, type Frame, frameFile, type Recording, recordingFile, recordingFormat } from './frame.ts';
import { checkFrame, checkRecording } from './frame-schema.ts';

/** A recording as it is on disk. */
export interface StoredRecording {
  readonly recording: Recording;
  /** In order of time; at least one. */
  readonly frames: readonly StoredFrame[];
  /** Seconds from its start to the end of its last moment. */
  readonly length: number;
}

export interface StoredFrame {
  readonly frame: Frame;
  readonly folder: string;
  /** Paths of the files it holds, as on the machine. */
  readonly files: ReadonlySet<string>;
}

/** Opens a recording. Rejects, with the reason, if the folder is none. */
export async function openRecording(directory: string): Promise<StoredRecording> {
  const recording = await readRecording(directory);
  const frames = await readFrames(directory);
  const last = frames.at(-1);
  if (!last) throw new Error(`Cannot replay "${directory}": it has no complete reading (no ${frameFile})`);
  return { recording, frames, length: last.frame.seconds + recording.everySeconds };
}

async function readRecording(directory: string): Promise<Recording> {
  const text = await ifPresent(readFrameFile(join(directory, recordingFile)));
  if (text === undefined) throw new Error(`Cannot replay "${directory}": it is not a recording (no ${recordingFile})`);
  const recording: Recording | null = parseJson(text, join(directory, recordingFile));
  if (recording?.format !== recordingFormat) {
    throw new Error(`Cannot replay "${directory}": expected format ${recordingFormat}, got ${recording?.format}`);
  }
  checkRecording(recording, join(directory, recordingFile));
  return recording;
}

async function readFrames(directory: string): Promise<StoredFrame[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
  const inSlot = createSlots(maxOpenFrames);
  const frames = await Promise.all(folders.sort().map((folder) => inSlot(() => readFrame(folder))));
  return frames.flatMap((frame) => (frame ? [frame] : []));
}

/** Moments that are read at one time: a recording of a day has thousands, and a process few descriptors. */
const maxOpenFrames = 16;

/** Undefined for what is no moment, or one whose recording was cut off. */
async function readFrame(folder: string): Promise<StoredFrame | undefined> {
  const path = join(folder, frameFile);
  const text = await ifPresent(readFrameFile(path));
  if (text === undefined) return undefined;
  const files = new Set(await listFiles(folder));
  const parsed = parseJson(text, path);
  checkFrame(parsed, path);
  const frame: Frame = { ...emptyFrame(0), ...parsed };
  return { frame, folder, files };
}

/**
 * What is below a folder and no folder. readdir() with `recursive` follows links to folders, out of the recording and in
 * circles.
 */
async function listFiles(folder: string, prefix = ''): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map((entry) => {
    const path = `${prefix}/${entry.name}`;
    return entry.isDirectory() ? listFiles(join(folder, entry.name), path) : [path];
  });
  return (await Promise.all(lists)).flat();
}

const maxFileBytes = 2 ** 25;

function readFrameFile(path: string): Promise<string> {
  return readRegularFile(path, maxFileBytes, constants.O_NOFOLLOW);
}

function parseJson(text: string, path: string) {
  try {
    return parseBoundedJson(text, largeJson);
  } catch (error) {
    const problem = error instanceof ParseError ? error.problem : 'it is not JSON';
    throw new Error(`Cannot replay "${path}": ${problem}`, { cause: error });
  }
}
