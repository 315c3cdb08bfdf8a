import type { Readings } from '../readings/readings.ts';
import type { AnyFound } from './finding.ts';
import type { Owner } from './owner.ts';
import type { PreconditionId } from './preconditions.ts';
import type { RemedyId } from './remedies/index.ts';

export type Some<Item> = readonly [Item, ...Item[]];

export function mapSome<From, To>([first, ...rest]: Some<From>, map: (item: From) => To): Some<To> {
  return [map(first), ...rest.map(map)];
}

/** Why there is none. */
export interface Nothing {
  readonly none: string;
}

export function isNone(part: object): part is Nothing {
  return 'none' in part;
}

/** Lines to add to a file, so that a remedy outlasts a restart. */
export interface FileLines {
  readonly file: string;
  /** Where in the file, in words. Undefined: anywhere. */
  readonly where?: string;
  /** The file sets the same already, later than any file of ours: change its lines. */
  readonly replaces?: true;
  /** The tool that writes the file, and would undo a change by hand: `ansible`. Empty if not known. */
  readonly manager?: string;
  readonly lines: Some<string>;
}

/** A remedy worked out for a machine and a finding. */
export interface Plan {
  readonly owner: Owner;
  readonly title: string;
  /** Shell commands, complete, in order, as root. */
  readonly commands: Some<string>;
  /** What it costs. */
  readonly tradeOff: string;
  /** Commands that take it back. */
  readonly undo: Some<string> | Nothing;
  /** What keeps it over a restart. `none`: why nothing is needed, or where it is kept. */
  readonly persistent: Some<FileLines> | Nothing;
  /** Commands that show whether it worked. */
  readonly verify: Some<string>;
}

/** A kind of remedy. Adding one: CONTRIBUTING.md. */
export interface RemedyKind {
  /** Section of docs/remedies.md, as the anchor of its heading. */
  readonly docs: string;
  /** `relief` gives room at once, `cure` removes the cause, `look` changes nothing. */
  readonly effect: 'relief' | 'cure' | 'look';
  /** What must hold on the machine before you apply it. */
  readonly preconditions: readonly PreconditionId[];
  /** Undefined where it does not apply. */
  readonly plan: (readings: Readings, found: AnyFound) => Plan | undefined;
}

/** A precondition that could not be checked from here. */
export interface CheckFirst {
  readonly id: PreconditionId;
  /** A sentence that must be true. */
  readonly requires: string;
  /** Shows whether it is. */
  readonly command: string;
}

/** What a finding offers: a plan whose preconditions are met, or must be checked first. */
export interface Remedy extends Plan {
  readonly id: RemedyId;
  readonly effect: RemedyKind['effect'];
  readonly docs: string;
  readonly met: readonly PreconditionId[];
  readonly checkFirst: readonly CheckFirst[];
}

/** A remedy that only looks needs no way back. */
export const onlyLooks = {
  tradeOff: 'Changes nothing.',
  undo: { none: 'Changes nothing.' },
  persistent: { none: 'Changes nothing.' },
} as const;
