import { parseDecimal, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';
import { type Block, findField, readBlocks, requireField } from './tree.ts';
import { readInstance, readName, readState } from './vrrp-block.ts';
import type { TrackedProcess, VrrpInstance, VrrpState } from './vrrp-instance.ts';

/** What keepalived.data tells of VRRP. */
export interface KeepalivedData {
  /** Without counters, which are in keepalived.stats. */
  readonly instances: readonly VrrpInstance[];
  readonly syncGroups: readonly VrrpSyncGroup[];
  readonly scripts: readonly VrrpScript[];
  readonly trackedFiles: readonly TrackedFile[];
  readonly trackedProcesses: readonly TrackedProcess[];
  readonly bfds: readonly TrackedBfd[];
}

export interface VrrpSyncGroup {
  readonly name: string;
  readonly state: VrrpState;
}

/** A check that moves priorities or makes instances faulty. */
export interface VrrpScript {
  readonly name: string;
  /** Unknown before its first run has ended. */
  readonly status: 'good' | 'bad' | 'unknown';
  /** Unknown before keepalived 2.0. */
  readonly state: VrrpScriptState | undefined;
}

export const scriptStates = ['idle', 'running', 'requested_termination', 'forcing_termination'] as const;
export type VrrpScriptState = (typeof scriptStates)[number];

/** A file that holds a number, which moves priorities or makes instances faulty. */
export interface TrackedFile {
  readonly name: string;
  /** The number, as keepalived last read it. */
  readonly status: number;
}

/** A BFD session that VRRP tracks. */
export interface TrackedBfd {
  readonly name: string;
  /** Unknown in the first releases of keepalived 2.0. */
  readonly up: boolean | undefined;
}

/**
 * Parses keepalived.data, as `dump_data_vrrp()` in keepalived/vrrp/vrrp_data.c writes it, and `vrrp_print_data()` in
 * keepalived/vrrp/vrrp_print.c did before keepalived 2.0. Tried on dumps of 1.3.5, 2.0.10, 2.1.5, 2.2.7, 2.3.4, 2.4.3.
 */
export function parseKeepalivedData(text: string): KeepalivedData {
  const blocks = readBlocks(text);
  const titled = (title: string) => blocks.filter((block) => block.title === title);
  return {
    instances: readInstances(blocks),
    syncGroups: titled('VRRP Sync Group').map(readSyncGroup),
    scripts: withoutRepetition(titled('VRRP Script').map(readScript)),
    trackedFiles: [...titled('Track file'), ...titled('VRRP Track file')].map(readTrackedFile),
    trackedProcesses: titled('VRRP Track process').map(readTrackedProcess),
    bfds: titled('VRRP Track BFD').map(readTrackedBfd),
  };
}

/**
 * keepalived 1.3 prints the tracked interfaces and scripts of an instance in between its fields, as things of their
 * own, and the addresses after them.
 */
function readInstances(blocks: readonly Block[]): VrrpInstance[] {
  const starts = blocks.flatMap(({ title }, index) => (title === 'VRRP Instance' ? [index] : []));
  return starts.map((start, index) => {
    const [block, ...others] = blocks.slice(start, starts[index + 1]) as [Block, ...Block[]];
    const late = others.flatMap(({ fields }) => fields).filter(({ key }) => key.startsWith('Virtual IP'));
    return readInstance({ ...block, fields: [...block.fields, ...late] });
  });
}

/** `VG_1, MASTER` */
function readSyncGroup(block: Block): VrrpSyncGroup {
  const [, name = '', state = ''] = /^(.+), (.*)$/.exec(block.value) ?? [];
  return { name: readName({ ...block, value: name }), state: readState({ value: state, line: block.line }) };
}

/** Until its first run has ended `Status` is an assumption; before keepalived 2.2 it says so itself. */
function readScript(block: Block): VrrpScript {
  const initial = findField(block, 'Init state')?.value;
  const { value, line } = requireField(block, 'Status');
  const status = initial === 'INIT' || initial === 'INIT/RELOAD' ? 'unknown' : statuses.get(value);
  if (status === undefined) throw new ParseError(line, `expected the status of a script, got ${quote(value)}`);
  return { name: readName(block), status, state: readScriptState(block) };
}

function readScriptState(block: Block): VrrpScriptState | undefined {
  const field = findField(block, 'State');
  const state = scriptStates.find((name) => name === field?.value.replace(' ', '_'));
  if (field && !state) throw new ParseError(field.line, `expected the state of a script, got ${quote(field.value)}`);
  return state;
}

const statuses: ReadonlyMap<string, VrrpScript['status']> = new Map([
  ['GOOD', 'good'],
  ['BAD', 'bad'],
  ['INIT/GOOD', 'good'],
  ['INIT/FAILED', 'bad'],
  ['INIT', 'unknown'],
  ['DISABLED', 'unknown'],
]);

function readTrackedFile(block: Block): TrackedFile {
  const { value, line } = requireField(block, 'Status');
  return { name: readName(block), status: parseDecimal(value, '"Status"', line) };
}

function readTrackedProcess(block: Block): TrackedProcess {
  const current = requireField(block, 'Current processes');
  const quorum = requireField(block, 'Have quorum');
  if (quorum.value !== 'true' && quorum.value !== 'false') {
    throw new ParseError(quorum.line, `expected "Have quorum" to be true or false, got ${quote(quorum.value)}`);
  }
  return {
    name: readName(block),
    processes: parseDecimal(current.value, '"Current processes"', current.line),
    hasQuorum: quorum.value === 'true',
  };
}

function readTrackedBfd(block: Block): TrackedBfd {
  const [isUp, isDown] = ['Bfd is up', 'Bfd is down'].map((key) => findField(block, key) !== undefined);
  return { name: readName(block), up: isUp || isDown ? isUp : undefined };
}

/** keepalived 1.3 prints a script below each instance that tracks it. */
function withoutRepetition(scripts: readonly VrrpScript[]): VrrpScript[] {
  return [...new Map(scripts.map((script) => [script.name, script])).values()];
}
