import type { Severity } from '../identity/severity.ts';
import type { ServiceIdentity } from '../identity/virtual-server.ts';
import type { PortOwner } from '../readings/port-owner.ts';
import type { FactsById, FindingId } from './facts.ts';
import type { Remedy } from './remedy.ts';
import type { Culprit, DominantState } from './table-facts.ts';

/** What a finding is about: only what applies is set. Empty for the machine as a whole. */
export interface Subject {
  /** A network namespace as `--collector.conntrack.netns` names it. Absent for the exporter's own. */
  readonly namespace?: string;
  readonly destination?: Endpoint;
  /** The virtual machine, and its port, that the packets of `destination` pass through. */
  readonly owner?: PortOwner;
  /** A zone of connection tracking as a whole. */
  readonly zone?: string;
  /** The address that packets come from. */
  readonly source?: string;
  readonly service?: ServiceIdentity;
  readonly realServer?: { readonly address: string; readonly port: string; readonly forward: string };
  readonly instance?: { readonly name: string; readonly interface: string; readonly routerId: string };
  readonly address?: string;
  readonly interface?: string;
  /** One keepalived of several; empty for the only one. */
  readonly daemon?: string;
  readonly collector?: string;
}

/** `port` and `zone` are empty if they do not apply. `protocol` is as conntrack prints it, or a number. */
export interface Endpoint {
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  readonly zone: string;
}

/** What a rule finds: one thing that is wrong, or will be. Data only; src/diagnosis/text/ has the words. */
export interface Found<Id extends FindingId> {
  /** The same for the same kind of fault. */
  readonly id: Id;
  /** With `id`, distinguishes it from all others. */
  readonly subject: Subject;
  readonly severity: Severity;
  /** The name of a number ends with its unit. What is not known is left out. */
  readonly numbers: FactsById[Id]['numbers'];
  readonly details: FactsById[Id]['details'];
}

/** One of all findings: its `id` determines which numbers it has. */
export type AnyFound = { readonly [Id in FindingId]: Found<Id> }[FindingId];

/** The same fault of several subjects is one finding, that of the worst of them. */
export interface Group {
  readonly totalSubjects: number;
  /** The worst ones, the first of which is the finding's own. */
  readonly worst: readonly Subject[];
}

export interface FindingParts {
  /** Absent for a single subject. */
  readonly group?: Group;
  /** What to do, the best first: see src/diagnosis/remedies/. */
  readonly remedies: readonly Remedy[];
}

export type Finding = AnyFound & FindingParts;

/** The state that most of the table is in. Undefined for any finding that is not about a table, and where none prevails. */
export function dominantState({ details }: AnyFound): DominantState | undefined {
  return 'dominant' in details ? details.dominant : undefined;
}

/** What fills the table that a finding is about. Empty for any other finding. */
export function culpritsOf({ details }: AnyFound): readonly Culprit[] {
  return 'culprits' in details ? details.culprits : [];
}
