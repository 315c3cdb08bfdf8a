import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dump, type DumpKind, dumpKinds, type Keepalived } from '../host.ts';
import { type Daemon, findDaemon, isAlive, locateDumps, readStartSeconds } from './daemon.ts';
import { type DumpFile, readDumpFile } from './dump-file.ts';
import type { Process } from './process.ts';
import { type Patience, pollMilliseconds, requestFreshDumps } from './request.ts';

export interface KeepalivedReaderOptions extends Partial<Patience> {
  /** Where the proc file system is mounted. */
  readonly procfs: string;
  /** Whether keepalived may be asked for new dumps. Otherwise those that it has written are read. */
  readonly requestDumps: boolean;
  /** A file that stands for the network namespace whose keepalived is meant. This process's by default. */
  readonly networkNamespace?: string;
  /** Where dumps of a keepalived that no longer runs are looked for. */
  readonly lastDumpsDirectory?: string;
}

type Settings = Required<KeepalivedReaderOptions>;

interface Memory {
  daemon: Daemon | undefined;
  /** The VRRP process that wrote the last whole dumps. */
  writer: string;
  dumps: ReadonlyMap<DumpKind, Dump>;
}

/**
 * Makes a function that reads what keepalived wrote about itself, after it asked for it anew where it may. Calls that
 * overlap share one reading.
 *
 * - While keepalived runs, only dumps of its present VRRP process are given, each the last whole one. When keepalived
 *   does not answer they stay as they were, with their old time.
 * - When it does not run, its last dumps are given: they say which instances there were, no longer how they are.
 * - Rejects with ENOENT when there is neither.
 *
 * keepalived is not found when `process_name` renames it, and its text dump not when `state_dump_file` or
 * `data_use_instance` do.
 */
export function createKeepalivedReader(options: KeepalivedReaderOptions): () => Promise<Keepalived> {
  const settings: Settings = {
    networkNamespace: `${options.procfs}/self/ns/net`,
    lastDumpsDirectory: '/tmp',
    timeoutMilliseconds: 3000,
    now: () => performance.now(),
    sleep,
    kill,
    ...options,
  };
  const memory: Memory = { daemon: undefined, writer: '', dumps: new Map() };
  let reading: Promise<Keepalived> | undefined;
  return () => {
    reading ??= readKeepalived(settings, memory).finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

async function readKeepalived(settings: Settings, memory: Memory): Promise<Keepalived> {
  const daemon = await findAgain(settings, memory);
  if (!daemon) return { running: false, dumps: await readLastDumps(settings, memory) };
  const { vrrp, version } = daemon;
  const dumps = vrrp ? await readPresentDumps(settings, memory, daemon, vrrp) : {};
  return { running: true, ...(version === undefined ? {} : { version }), dumps };
}

async function findAgain({ procfs, networkNamespace }: Settings, memory: Memory): Promise<Daemon | undefined> {
  const isKnown = memory.daemon && (await isAlive(procfs, memory.daemon));
  memory.daemon = isKnown ? memory.daemon : await findDaemon(procfs, networkNamespace);
  return memory.daemon;
}

/** Whole ones alone: nothing will complete the others. */
async function readLastDumps({ lastDumpsDirectory }: Settings, memory: Memory): Promise<Keepalived['dumps']> {
  if (memory.dumps.size > 0) return Object.fromEntries(memory.dumps);
  const dumps = await readDumps(lastDumpsDirectory, readDumpFile);
  if (dumps.every(({ file }) => file === undefined)) {
    const problem = `ENOENT: no keepalived in this network namespace, no dump of one in ${lastDumpsDirectory}`;
    throw Object.assign(new Error(problem), { code: 'ENOENT' });
  }
  return Object.fromEntries(selectWhole(dumps));
}

async function readPresentDumps(settings: Settings, memory: Memory, daemon: Daemon, vrrp: Process) {
  const { procfs, now, timeoutMilliseconds, requestDumps } = settings;
  const deadline = now() + timeoutMilliseconds;
  const [directory, start] = await Promise.all([locateDumps(procfs, vrrp), readStartSeconds(procfs, vrrp)]);
  if (requestDumps) await requestFreshDumps(settings, daemon, directory);
  const read = (kind: DumpKind, path: string) => readUntilWhole(settings, kind, path, deadline);
  const found = (await readDumps(directory, read)).filter(({ file }) => file && file.modifiedSeconds >= start);
  const writer = `${vrrp.pid} ${vrrp.startTicks}`;
  const dumps = new Map([...(memory.writer === writer ? memory.dumps : []), ...selectWhole(found)]);
  if (!dumps.has('json') && !dumps.has('data')) failIfBroken(found);
  // Those of an earlier process stay its last ones until this one has written some.
  if (dumps.size > 0) Object.assign(memory, { writer, dumps });
  return Object.fromEntries(dumps);
}

interface ReadDump {
  readonly kind: DumpKind;
  readonly path: string;
  readonly file: DumpFile | undefined;
}

function readDumps(directory: string, read: typeof readDumpFile): Promise<ReadDump[]> {
  const paths = dumpKinds.map((kind) => ({ kind, path: `${directory}/keepalived.${kind}` }));
  return Promise.all(paths.map(async ({ kind, path }) => ({ kind, path, file: await read(kind, path) })));
}

function selectWhole(dumps: readonly ReadDump[]): [DumpKind, Dump][] {
  return dumps.flatMap(({ kind, file }) => {
    if (!file || file.problem !== undefined) return [];
    return [[kind, { text: file.text, modifiedSeconds: file.modifiedSeconds }]];
  });
}

function failIfBroken(dumps: readonly ReadDump[]): void {
  const broken = dumps.find(({ file }) => file?.problem);
  if (broken) throw new Error(`Expected ${broken.path} to be a whole dump, got: ${broken.file?.problem}`);
}

async function readUntilWhole(settings: Settings, kind: DumpKind, path: string, deadline: number) {
  for (;;) {
    const file = await readDumpFile(kind, path);
    if (file?.problem === undefined || settings.now() >= deadline) return file;
    await settings.sleep(pollMilliseconds);
  }
}
