import type { Severity } from '../../identity/severity.ts';
import { makeVisible } from '../../identity/visible.ts';
import { splitByNamespace } from '../../readings/readings.ts';
import { collectorAvailable, collectorSuccess } from '../../scrape/exporter-metrics.ts';
import type { Metric, Sample } from '../../scrape/metric.ts';
import { diagnose } from '../diagnose.ts';
import type { Finding } from '../finding.ts';
import { explainFailures, type Failures } from './failures.ts';
import { type ReportedTable, reportTable } from './tables.ts';

/** Rises with every change after which a reader of the JSON may no longer understand it. */
export const schemaVersion = 1;

/** What `lvs-exporter diagnose` reports. */
export interface Report {
  readonly schemaVersion: number;
  /** Of the most urgent finding; `ok` without one that needs action. */
  readonly severity: Exclude<Severity, 'info'> | 'ok';
  /** When the machine was like this: ISO 8601, UTC. */
  readonly at: string;
  readonly findings: readonly Finding[];
  /** The connection tracking table of each network namespace that was read, the exporter's own first. */
  readonly tables: readonly ReportedTable[];
  /** Collectors that worked, and those that this machine has no source for. */
  readonly seen: readonly string[];
  readonly absent: readonly string[];
}

export interface Observed {
  /** Unix time. */
  readonly atSeconds: number;
  readonly now: readonly Sample[];
  readonly before: readonly Sample[] | undefined;
  readonly failures: Failures;
  /** Whether it was observed as root. Absent if that is not known: in a recording. */
  readonly asRoot?: boolean;
}

export function createReport({ atSeconds, now, before, failures, asRoot }: Observed): Report {
  const findings = explainFailures(diagnose(now, before), failures, asRoot);
  // Those of a network namespace have its name.
  const list = ({ name }: Metric, wanted: number) =>
    now
      .filter((one) => one.metric.name === name && one.value === wanted)
      .map(({ labels }) => makeVisible(labels.collector ?? ''));
  const [worst] = findings;
  return {
    schemaVersion,
    severity: worst === undefined || worst.severity === 'info' ? 'ok' : worst.severity,
    at: new Date(atSeconds * 1000).toISOString(),
    findings,
    tables: splitByNamespace(now, before).flatMap(reportTable),
    seen: list(collectorSuccess, 1),
    absent: list(collectorAvailable, 0),
  };
}

/** As a check plugin of Nagios has it; 3 stands for "unknown". */
export const exitCodes = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
