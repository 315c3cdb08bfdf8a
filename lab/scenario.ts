import type { Cluster, Lab } from './lab.ts';

export interface Scenario<Needs extends Cluster = Lab> {
  readonly name: string;
  /** What it shows, in one line. */
  readonly shows: string;
  run(lab: Needs): Promise<void>;
}
