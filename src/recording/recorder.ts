import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dumpKinds, type Host } from '../host.ts';
import { dumpPath, type Frame, frameFile, frameFolder, keepalivedSource, platformSource } from './frame.ts';

type Draft = { -readonly [Key in keyof Frame]: Frame[Key] } & {
  errors: Record<string, string>;
  links: Record<string, string>;
  directories: Record<string, readonly string[]>;
};

/** A Host that writes down what is read through it. */
export interface Recorder {
  readonly host: Host;
  /** Begins a new moment, `seconds` after the start. Earlier moments are complete then. */
  begin(seconds: number): void;
  /** Completes the moment: all its files are written, then `frame.json`, without which a moment does not count. */
  finish(): Promise<void>;
}

/** `conceal` removes from a text what must not leave the machine. */
export function createRecorder(
  host: Host,
  directory: string,
  conceal: (path: string, text: string) => string,
): Recorder {
  const lastText = new Map<string, string>();
  let draft: Draft = emptyFrame(0);
  let writes: Promise<unknown>[] = [];

  function keep(path: string, text: string): void {
    const concealed = conceal(path, text);
    if (lastText.get(path) === concealed) return;
    lastText.set(path, concealed);
    const written = writeBelow(directory, join(frameFolder(draft.seconds), path), concealed);
    // Held until finish(): a failure must not go unhandled in between.
    writes.push(written.catch((error: unknown) => error));
  }

  async function noting<T>(source: string, read: Promise<T>, note: (value: T) => void): Promise<T> {
    try {
      const value = await read;
      note(value);
      return value;
    } catch (error) {
      draft.errors[source] = codeOf(error);
      lastText.delete(source);
      throw error;
    }
  }

  return {
    host: {
      readFile: (path) => noting(path, host.readFile(path), (text) => keep(path, text)),
      readLink: (path) =>
        noting(path, host.readLink(path), (target) => {
          draft.links[path] = target;
        }),
      listDirectory: (path) =>
        noting(path, host.listDirectory(path), (names) => {
          draft.directories[path] = names;
        }),
      keepalived: () =>
        noting(keepalivedSource, host.keepalived(), ({ running, dumps }) => {
          const modified = dumpKinds.flatMap((kind) => {
            const dump = dumps[kind];
            if (dump) keep(dumpPath(kind), dump.text);
            return dump ? [[kind, dump.modifiedSeconds] as const] : [];
          });
          draft.keepalived = { running, modifiedSeconds: Object.fromEntries(modified) };
        }),
      platform: () =>
        noting(platformSource, host.platform(), (facts) => {
          draft.platform = facts;
        }),
    },
    begin(seconds) {
      draft = emptyFrame(seconds);
      writes = [];
    },
    async finish() {
      const failures = (await Promise.all(writes)).filter((failure) => failure !== undefined);
      if (failures.length > 0) throw failures[0];
      const path = join(frameFolder(draft.seconds), frameFile);
      await writeBelow(directory, path, `${JSON.stringify(draft, undefined, 2)}\n`);
    },
  };
}

function emptyFrame(seconds: number): Draft {
  return { seconds, errors: {}, links: {}, directories: {} };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

async function writeBelow(directory: string, path: string, text: string): Promise<void> {
  const target = join(directory, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}
