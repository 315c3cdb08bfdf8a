import type { Course } from './simulation.ts';

export interface Scenario {
  readonly name: string;
  /**
   * What our rules must do:
   * - `page`: page before the table is full and before any rival fires, 30 s before where that is possible;
   * - `foretell`: warn hours before the table is full, and before any rival that is right;
   * - `silence`: send no page, because the table does not fill.
   */
  readonly goal: 'page' | 'foretell' | 'silence';
  /** The same, beginning at different times between two scans. The worst of them counts. */
  readonly runs: readonly Run[];
}

export interface Run extends Course {
  /** When that begins which the scenario is about. */
  readonly onset: number;
  /** Minimum time between the page and the full table, in seconds; 30 unless more scans must agree first. */
  readonly leadSeconds?: number;
  /** Rivals that page as early in a scenario that begins alike and does not fill the table. */
  readonly recklessRivals?: readonly string[];
}
