import { parseDecimal } from '../../numbers.ts';
import { type Block, type Field, findField, requireField, unexpectedField } from '../dump.ts';
import type { Attempt } from '../skipped.ts';
import type { TrackedProcess } from './vrrp-instance.ts';

/** A check that moves priorities or makes instances faulty. */
export interface VrrpScript {
  readonly name: string;
  /** Unknown before its first run has ended, and where the dump is malformed. */
  readonly status: 'good' | 'bad' | 'unknown';
  /** Unknown before keepalived 2.0. */
  readonly state: VrrpScriptState | undefined;
}

export const scriptStates = ['idle', 'running', 'requested_termination', 'forcing_termination'] as const;
export type VrrpScriptState = (typeof scriptStates)[number];

/** A file that holds a number, which moves priorities or makes instances faulty. */
export interface TrackedFile {
  readonly name: string;
  /** The number, as keepalived last read it. Unknown before keepalived 2.0.8. */
  readonly status: number | undefined;
}

/** A BFD session that VRRP tracks. */
export interface TrackedBfd {
  readonly name: string;
  /** Unknown in the first releases of keepalived 2.0. */
  readonly up: boolean | undefined;
}

/** The command and the process are not read: they end a name where the line end is missing. */
export const scriptKeys = ['Command', 'Init state', 'Status', 'State'] as const;
export const processKeys = ['Process', 'Current processes', 'Have quorum'] as const;

/** Until its first run has ended `Status` is an assumption; before keepalived 2.2 it reports it itself. */
export function readScript(block: Block, attempt: Attempt): VrrpScript {
  const initial = findField(block, 'Init state')?.value;
  const status = attempt(() => readStatus(block));
  const isAssumed = initial === 'INIT' || initial === 'INIT/RELOAD';
  return {
    name: block.value,
    status: isAssumed ? 'unknown' : (status ?? 'unknown'),
    state: attempt(() => readScriptState(block)),
  };
}

function readStatus(block: Block): VrrpScript['status'] {
  const field = requireField(block, 'Status');
  const status = statuses.get(field.value);
  if (status === undefined) throw unexpectedField(field, 'the status of a script');
  return status;
}

function readScriptState(block: Block): VrrpScriptState | undefined {
  const field = findField(block, 'State');
  const state = scriptStates.find((name) => name === field?.value.replace(' ', '_'));
  if (field && field.value !== 'unknown' && !state) throw unexpectedField(field, 'the state of a script');
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

export function readTrackedFile(block: Block, attempt: Attempt): TrackedFile {
  const field = findField(block, 'Status');
  return {
    name: block.value,
    status: field && attempt(() => parseDecimal(field.value, '"Status"', field.line)),
  };
}

export function readTrackedProcess(block: Block, attempt: Attempt): TrackedProcess {
  const quorum = findField(block, 'Have quorum');
  return {
    name: block.value,
    processes: attempt(() => {
      const { value, line } = requireField(block, 'Current processes');
      return parseDecimal(value, '"Current processes"', line);
    }),
    // Not before keepalived 2.0.16.
    hasQuorum: quorum && attempt(() => readQuorum(quorum)),
  };
}

function readQuorum(field: Field): boolean {
  if (field.value !== 'true' && field.value !== 'false')
    throw unexpectedField(field, '"Have quorum" to be true or false');
  return field.value === 'true';
}

export function readTrackedBfd(block: Block): TrackedBfd {
  const state = findField(block, 'Bfd')?.value;
  return { name: block.value, up: state === 'up' || state === 'down' ? state === 'up' : undefined };
}
