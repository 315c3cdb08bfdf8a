import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Anonymize, namesClients } from './anonymize.ts';
import { emptyFrame, type Frame, frameFile, frameFolder, platformSource } from './frame.ts';

/** Writes moments to a folder, one after the other. */
export interface FrameWriter {
  /** The present moment, to be filled in. */
  frame(): Frame;
  /** Keeps the text of a file until finish() writes it, anonymized, if it is not what it was before. */
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
  let texts = new Map<string, string>();

  /** Texts that show which addresses are clients come first, in any order of reading. */
  async function writeTexts(): Promise<void> {
    const byClients = [...texts].sort(([one], [other]) => Number(namesClients(other)) - Number(namesClients(one)));
    const changed = byClients
      .map(([path, text]) => [path, anonymize(path, text)] as const)
      .filter(([path, text]) => lastText.get(path) !== text);
    for (const [path, text] of changed) {
      await writeBelow(directory, join(frameFolder(frame.seconds), path), text);
      lastText.set(path, text);
    }
    for (const source of Object.keys(frame.errors)) lastText.delete(source);
  }

  return {
    frame: () => frame,
    keep: (path, text) => void texts.set(path, text),
    lose(source, error) {
      // A message may quote what was read.
      frame.errors[source] = error instanceof Error && 'code' in error ? String(error.code) : nameOf(error);
    },
    begin(seconds) {
      frame = emptyFrame(seconds);
      texts = new Map();
    },
    async finish() {
      await writeTexts();
      const path = join(frameFolder(frame.seconds), frameFile);
      // The disk may be full: what there is of it then must not pass for the whole.
      await writeBelow(directory, `${path}.part`, `${JSON.stringify(withPlatform(frame, anonymize), undefined, 2)}\n`);
      await rename(join(directory, `${path}.part`), join(directory, path));
    },
  };
}

/** Vendors and owners write their names into the firmware. */
function withPlatform(frame: Frame, anonymize: Anonymize): Frame {
  const { platform } = frame;
  return platform ? { ...frame, platform: JSON.parse(anonymize(platformSource, JSON.stringify(platform))) } : frame;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

/** For its owner alone. The folder is as well, so that no link can be there in place of a file. */
export const newFile = { mode: 0o600 } as const;

async function writeBelow(directory: string, path: string, text: string): Promise<void> {
  const target = join(directory, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await writeFile(target, text, newFile);
}
