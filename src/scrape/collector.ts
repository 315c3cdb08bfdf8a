import type { Host } from '../host/host.ts';
import type { SamplePart } from './columns.ts';
import type { Metric, Sample } from './metric.ts';

/**
 * A subsystem that can be read. It neither catches, logs, times nor remembers anything: the runner does that, once,
 * for all of them. A rejection with the system error ENOENT reports that this machine does not have the subsystem. One with a PartialFailure carries what
 * was read nevertheless.
 */
export interface Collector {
  /** The subsystem: `ipvs`. Also the flag `--collector.ipvs`. */
  readonly name: string;
  readonly help: string;
  readonly metrics: readonly Metric[];
  /** Whether it is off unless its flag is given: it costs more than every user should pay. */
  readonly optional?: boolean;
  /** Cron expression with seconds. A collector that has one is run on it and never by a scrape. */
  readonly schedule?: string;
  /**
   * @param signal aborted when the run takes too long. Calls of the host reject by themselves then. A collector that
   *   remembers anything asks it before it does: a later run may have ended.
   */
  collect(host: Host, signal?: AbortSignal): Promise<readonly Sample[]>;
  /** The same, with columns in place of many samples. Of a collector that has it, this is what is run. */
  collectParts?(host: Host, signal?: AbortSignal): Promise<readonly SamplePart[]>;
}
