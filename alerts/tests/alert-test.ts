import type { Severity } from '../../src/identity/severity.ts';

/** What happens to some machines, and which alerts are firing at which times. */
export interface AlertTest {
  /** All of these are looked at: whatever is not expected of them must not fire. */
  readonly alerts: readonly string[];
  readonly when: string;
  /** Values in the words of `seriesValues()`, by series. */
  readonly series: Readonly<Record<string, string>>;
  /** Between two scrapes: 15 unless given. */
  readonly scrapeSeconds?: number;
  /** Between two evaluations: as often as the group of the first alert asks for unless given. */
  readonly evaluationSeconds?: number;
  /** By the time since the beginning: `4m45s`. */
  readonly expected: Readonly<Record<string, readonly Firing[]>>;
}

export interface Firing {
  /** Where several alerts are looked at. */
  readonly alert?: string;
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
}

export function alertTests(alert: string, ...tests: readonly Omit<AlertTest, 'alerts'>[]): AlertTest[] {
  return tests.map((test) => ({ alerts: [alert], ...test }));
}

/** Series of one machine, by metric with its own labels: `conntrack_entries`, `up`, `ipvs_real_server_weight{...}`. */
export function of(
  target: Readonly<Record<string, string>>,
  series: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(series).map(([metric, values]) => [withLabels(metric, { job: 'lvs-exporter', ...target }), values]),
  );
}

/** `name{a="b"}` from `name` or `name{...}`. */
export function withLabels(metric: string, labels: Readonly<Record<string, string>>): string {
  const [name, own] = metric.replace(/\}$/, '').split('{');
  const more = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${name}{${[...(own ? [own] : []), ...more].join(', ')}}`;
}
