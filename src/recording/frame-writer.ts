import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Anonymize } from './anonymize.ts';
import { emptyFrame, type Frame, frameFile, frameFolder } from './frame.ts';

/** Writes moments to a folder, one after the other. */
export interface FrameWriter {
  /** The present moment, to be filled in. */
  frame(): Frame;
  /** Keeps the text of a file, anonymized, if it is not what it was before. */
  keep(path: string, text: string): void;
  /** Notes that a source could not be read. */
  lose(source: string, error: unknown): void;
  /** Begins a new moment, `seconds` after the start. */
  begin(seconds: number): void;
  /** Completes the moment: all its files are written, then `frame.json`, without which a moment does not count. */
  finish(): Promise<void>;
}

/** `anonymize` removes from a text what must not leave the machine. */
export function createFrameWriter(directory: string, anonymize: Anonymize): FrameWriter {
  const lastText = new Map<string, string>();
  let frame = emptyFrame(0);
  let writes: Promise<unknown>[] = [];
  return {
    frame: () => frame,
    keep(path, text) {
      const anonymized = anonymize(path, text);
      if (lastText.get(path) === anonymized) return;
      lastText.set(path, anonymized);
      const written = writeBelow(directory, join(frameFolder(frame.seconds), path), anonymized);
      // Held until finish(): a failure must not go unhandled in between.
      writes.push(written.catch((error: unknown) => error));
    },
    lose(source, error) {
      frame.errors[source] = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      lastText.delete(source);
    },
    begin(seconds) {
      frame = emptyFrame(seconds);
      writes = [];
    },
    async finish() {
      const failures = (await Promise.all(writes)).filter((failure) => failure !== undefined);
      if (failures.length > 0) throw failures[0];
      const path = join(frameFolder(frame.seconds), frameFile);
      // The disk may be full: what there is of it then must not pass for the whole.
      await writeBelow(directory, `${path}.part`, `${JSON.stringify(frame, undefined, 2)}\n`);
      await rename(join(directory, `${path}.part`), join(directory, path));
    },
  };
}

/** For its owner alone. The folder is as well, so that no link can be there in place of a file. */
export const newFile = { mode: 0o600 } as const;

async function writeBelow(directory: string, path: string, text: string): Promise<void> {
  const target = join(directory, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await writeFile(target, text, newFile);
}
