import type { DumpKind, PlatformFacts } from '../host.ts';

/**
 * A recording is a folder: `recording.json` about the whole, and a folder for each moment, named after its seconds
 * since the start. A moment's folder holds the files as they were read (`proc/net/ip_vs`), those only that changed
 * since the moment before, and `frame.json` with whatever is not the content of a file.
 */
export interface Recording {
  readonly format: typeof recordingFormat;
  /** Version of the program that wrote it. */
  readonly version: string;
  /** Unix time. */
  readonly startedSeconds: number;
  readonly everySeconds: number;
}

export const recordingFormat = 1;
export const recordingFile = 'recording.json';
export const frameFile = 'frame.json';

/** `frame.json`: what was read at one moment and is no file's content. What is not there did not change. */
export interface Frame {
  /** Since the start of the recording. */
  readonly seconds: number;
  /** Failed reads: path and system error code. */
  readonly errors: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, string>>;
  readonly directories: Readonly<Record<string, readonly string[]>>;
  readonly keepalived?: RecordedKeepalived;
  readonly platform?: PlatformFacts;
}

/** The texts of the dumps are files beside it: `keepalived/keepalived.json` and so on. */
export interface RecordedKeepalived {
  readonly running: boolean;
  readonly modifiedSeconds: Readonly<Partial<Record<DumpKind, number>>>;
}

/** Where the text of a dump is kept, as the path of a file of the machine. */
export function dumpPath(kind: DumpKind): string {
  return `/keepalived/keepalived.${kind}`;
}

/** Sources that are no file, in the errors of a frame. */
export const keepalivedSource = 'keepalived';
export const platformSource = 'platform';

/** The folder of a moment. Sorted by name, they are in order of time for 11 days. */
export function frameFolder(seconds: number): string {
  return seconds.toFixed(1).padStart(8, '0');
}
