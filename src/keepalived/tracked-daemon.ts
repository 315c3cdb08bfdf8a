import { type DumpKind, dumpKinds, type Keepalived } from '../host/host.ts';
import type { DumpFile } from './dump/dump-file.ts';
import { locateDumps, type Places } from './dump/filesystem.ts';
import { createKeptDumps, type KeptDumps } from './dump/kept-dumps.ts';
import { type RequestSettings, requestFreshDumps, type Unanswered } from './dump/request-dump.ts';
import { readKeepalivedBuild } from './process/build.ts';
import { type ChildHistory, type Children, createChildHistory, identifyChildren } from './process/children.ts';
import { readConfigurationText } from './process/configuration-files.ts';
import { type Daemon, readStartSeconds } from './process/daemon.ts';
import { readAgeSeconds } from './process/process.ts';

/** A keepalived that runs, with its last whole dumps. Its parent process stays the same, the others may be replaced. */
export interface TrackedDaemon {
  readonly version: string;
  /** Looks which processes it has, and where they write. */
  look(daemon: Daemon): Promise<DaemonView>;
  /** Asks for new dumps. Rejects when one is not written. */
  renew(view: DaemonView): Promise<void>;
  /**
   * Its processes and their dumps. Where others write to the same places, only what it wrote when it was asked is known
   * to be its own.
   */
  read(view: DaemonView, isShared: boolean): Promise<DaemonReading>;
}

export interface DaemonReading extends Required<Pick<Keepalived, 'processes' | 'dumps'>> {
  /** Whether its VRRP process is away, or has just come and may not have written a dump yet. */
  readonly awaitsVrrp: boolean;
}

/** A keepalived as it was seen last. */
export interface DaemonView {
  readonly daemon: Daemon;
  readonly children: Children;
  readonly places: Places;
  /** Whether every process that it should have runs. */
  readonly isComplete: boolean;
}

export interface DaemonDumpOptions extends RequestSettings {
  readonly procfs: string;
}

/** Undefined where its program is not keepalived, or it has ended. */
export async function trackDaemon(options: DaemonDumpOptions, { parent }: Daemon): Promise<TrackedDaemon | undefined> {
  const { procfs } = options;
  const build = await readKeepalivedBuild(procfs, parent);
  if (!build) return undefined;
  const kept = createKeptDumps(options);
  const history = createChildHistory();
  return {
    version: build.version,
    async look(daemon) {
      const { file } = daemon.commandLine;
      const configuration = await readConfigurationText(`${procfs}/${parent.pid}/root`, file, daemon.user);
      const children = await identifyChildren(procfs, daemon, configuration);
      history.note(children, configuration);
      const processes = await history.list(procfs, daemon);
      const isComplete = processes.length > 0 && processes.every(({ startSeconds }) => startSeconds !== undefined);
      return { daemon, children, places: await locateDumps(procfs, daemon, build, configuration), isComplete };
    },
    async renew({ daemon, children, places }) {
      const written = hasOnlyBfd(daemon, children) ? withoutCheck(places) : places;
      const unanswered = await requestFreshDumps(options, daemon, written, kept.takeAnswer);
      for (const { kind, file } of unanswered) if (file) kept.refuse(kind, file);
      const missing = unanswered.filter(({ kind }) => isExpected(kept, daemon, kind));
      if (missing.length > 0) throw new Error(describeMissing(daemon, missing));
    },
    read: (view, isShared) => readDaemon(procfs, { kept, history }, view, isShared),
  };
}

/** BFD's dump is not read: a keepalived that checks no virtual server is not asked for the dump of a checker. */
function hasOnlyBfd({ others }: Daemon, children: Children): boolean {
  const bfd = children.get('bfd');
  return bfd !== undefined && others.every(({ pid }) => pid === bfd.pid);
}

function withoutCheck(places: Places): Places {
  return new Map([...places].filter(([kind]) => kind !== 'check'));
}

/** Without instances there is no JSON, and nothing in the statistics. Whether there are checkers is unknown before. */
function isExpected(kept: KeptDumps, { vrrp }: Daemon, kind: DumpKind): boolean {
  if (kind === 'check') return vrrp === undefined || kept.hasAnswered('check');
  const data = kept.get('data');
  return kind === 'data' || !data || /^ VRRP Instance = /m.test(data.dump.text);
}

function describeMissing({ parent }: Daemon, missing: readonly Unanswered[]): string {
  const got = missing.map(({ kind, file }) => (file ? `${file.path}: ${file.problem}` : `no new ${kind}`));
  return `Expected keepalived, process ${parent.pid}, to write its dumps, got ${got.join(', ')}`;
}

interface Memory {
  readonly kept: KeptDumps;
  readonly history: ChildHistory;
}

async function readDaemon(procfs: string, memory: Memory, view: DaemonView, isShared: boolean): Promise<DaemonReading> {
  const { kept, history } = memory;
  const { daemon, places } = view;
  const [starts, parentStart, isYoung] = await Promise.all([
    readStarts(procfs, view),
    readStartSeconds(procfs, daemon.parent),
    hasYoungVrrp(procfs, daemon),
  ]);
  const since = (kind: DumpKind) => (isYoung ? parentStart : (starts.get(kind) ?? parentStart));
  const reading = isShared ? [] : [...places].map(([kind, place]) => kept.readNew(daemon, kind, place, since(kind)));
  const broken = (await Promise.all(reading)).find((file) => file !== undefined);
  const files = listSince(kept, parentStart);
  if (files.some(([kind]) => vrrpKinds.has(kind))) history.noteEarlier('vrrp');
  if (files.some(([kind]) => kind === 'check')) history.noteEarlier('checker');
  const processes = await history.list(procfs, daemon);
  const awaitsVrrp = isYoung || processes.some(({ process, startSeconds }) => process === 'vrrp' && !startSeconds);
  const dumps = selectDumps(files, starts, awaitsVrrp);
  if (broken && !dumps.json && !dumps.data) {
    throw new Error(`Expected ${broken.path} to be a whole dump, got: ${broken.problem}`);
  }
  return { processes, awaitsVrrp, dumps };
}

const vrrpKinds: ReadonlySet<DumpKind> = new Set(['json', 'data', 'stats']);

type KindedFile = readonly [DumpKind, DumpFile];

function listSince(kept: KeptDumps, start: number): KindedFile[] {
  return dumpKinds.flatMap((kind) => {
    const file = kept.get(kind);
    return file && file.modifiedSeconds >= start ? [[kind, file] as const] : [];
  });
}

/** Those of present processes. Where none of the VRRP process is among them and it is awaited, those of the one before. */
function selectDumps(files: readonly KindedFile[], starts: Starts, awaitsVrrp: boolean): Keepalived['dumps'] {
  const current = files.filter(
    ([kind, file]) => file.modifiedSeconds >= (starts.get(kind) ?? Number.POSITIVE_INFINITY),
  );
  const hasVrrp = current.some(([kind]) => vrrpKinds.has(kind));
  const earlier = awaitsVrrp && !hasVrrp ? files.filter(([kind]) => vrrpKinds.has(kind)) : [];
  return Object.fromEntries([
    ...current.map(([kind, file]) => [kind, file.dump]),
    ...earlier.map(([kind, file]) => [kind, { ...file.dump, ended: true }]),
  ]);
}

/** From when on a dump is of the present process that writes it, in Unix seconds. */
type Starts = ReadonlyMap<DumpKind, number>;

async function readStarts(procfs: string, { daemon: { vrrp, others }, children }: DaemonView): Promise<Starts> {
  const starts = new Map<DumpKind, number>();
  if (vrrp) {
    const start = await readStartSeconds(procfs, vrrp);
    for (const kind of vrrpKinds) starts.set(kind, start);
  }
  const checker = children.get('checker');
  const writers = await Promise.all((checker ? [checker] : others).map((one) => readStartSeconds(procfs, one)));
  return writers.length === 0 ? starts : starts.set('check', Math.max(...writers));
}

/** More than the time between two requests for dumps. */
const youngSeconds = 20;

async function hasYoungVrrp(procfs: string, { vrrp }: Daemon): Promise<boolean> {
  const age = vrrp ? await readAgeSeconds(procfs, vrrp) : Number.NaN;
  return age >= 0 && age < youngSeconds;
}
