import { collectorAvailable, collectorSuccess } from '../scrape/exporter-metrics.ts';
import type { Metric, Sample } from '../scrape/metric.ts';
import { diagnose } from './diagnose.ts';
import type { Finding, Urgency } from './finding.ts';

/** What `lvs-exporter diagnose` tells. */
export interface Report {
  /** Of the most urgent finding; `ok` without one that somebody has to act on. */
  readonly urgency: Exclude<Urgency, 'info'> | 'ok';
  /** When the machine was like this: ISO 8601, UTC. */
  readonly at: string;
  readonly findings: readonly Finding[];
  /** Collectors that worked, and those that this machine has no source for. */
  readonly seen: readonly string[];
  readonly absent: readonly string[];
}

export interface Observed {
  /** Unix time. */
  readonly atSeconds: number;
  readonly now: readonly Sample[];
  readonly before: readonly Sample[] | undefined;
  /** Why collectors failed, by their name. */
  readonly failures: ReadonlyMap<string, { readonly reason: string; readonly cure: string | undefined }>;
}

export function createReport({ atSeconds, now, before, failures }: Observed): Report {
  const findings = diagnose(now, before).map((finding) => withReason(finding, failures));
  const list = (metric: Metric, wanted: number) =>
    now
      .filter((one) => one.metric.name === metric.name && one.value === wanted)
      .map(({ labels }) => labels.collector ?? '');
  const [worst] = findings;
  return {
    urgency: worst === undefined || worst.urgency === 'info' ? 'ok' : worst.urgency,
    at: new Date(atSeconds * 1000).toISOString(),
    findings,
    seen: list(collectorSuccess, 1),
    absent: list(collectorAvailable, 0),
  };
}

/** The samples say that a collector failed; why is known here alone. */
function withReason(finding: Finding, failures: Observed['failures']): Finding {
  const failure = finding.id === 'not-seen' ? failures.get(finding.subject) : undefined;
  if (failure === undefined) return finding;
  const { reason, cure } = failure;
  const remedies = cure === undefined ? [] : finding.remedies.map((remedy) => ({ ...remedy, title: capitalise(cure) }));
  return { ...finding, evidence: [reason], remedies };
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** As a check plugin of Nagios has it; 3 stands for "unknown". */
export const exitCodes = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
