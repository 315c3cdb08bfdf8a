import type { Metric, Sample } from './metric.ts';

type Labels = Sample['labels'];

/**
 * The samples of many things that have the same metrics, such as real servers. Tens of thousands of objects for each scrape
 * would be garbage after it; a column is one.
 */
export interface SampleColumns {
  /** What the rows are: no two are equal. The same object as in an earlier scrape while all of them are the same. */
  readonly rows: readonly Labels[];
  /** No two of one metric. */
  readonly columns: readonly SampleColumn[];
}

export interface SampleColumn {
  readonly metric: Metric;
  /** One for each row; NaN where a row has no such series. */
  readonly values: Float64Array;
}

/** What a collector gives: samples, and between them columns in place of many. */
export type SamplePart = Sample | SampleColumns;

export function isColumns(part: SamplePart): part is SampleColumns {
  return 'columns' in part;
}

/** The samples one by one, those of a row together. */
export function listSamples(
  parts: readonly SamplePart[],
  isWanted: (metric: Metric) => boolean = () => true,
): Sample[] {
  const samples: Sample[] = [];
  for (const part of parts) {
    if (!isColumns(part)) samples.push(part);
    else appendRows(part.rows, { from: part.columns.filter(({ metric }) => isWanted(metric)), to: samples });
  }
  return samples;
}

function appendRows(
  rows: readonly Labels[],
  { from, to }: { readonly from: readonly SampleColumn[]; readonly to: Sample[] },
): void {
  for (const [row, labels] of rows.entries()) {
    for (const { metric, values } of from) {
      const value = values[row] ?? Number.NaN;
      if (!Number.isNaN(value)) to.push({ metric, value, labels });
    }
  }
}

/** What may leave this machine. Columns may. */
export function withoutLocal<Part extends SamplePart>(parts: readonly Part[]): readonly Part[] {
  // Mostly there is none: then nothing is copied.
  return parts.some(isLocal) ? parts.filter((one) => !isLocal(one)) : parts;
}

function isLocal(part: SamplePart): boolean {
  return !isColumns(part) && part.isLocal === true;
}

/** Without the columns of some metrics, and without their samples. */
export function withoutMetrics(parts: readonly SamplePart[], metrics: ReadonlySet<Metric>): SamplePart[] {
  const isKept = ({ metric }: { readonly metric: Metric }) => !metrics.has(metric);
  return parts.flatMap((part): SamplePart[] =>
    isColumns(part) ? [{ ...part, columns: part.columns.filter(isKept) }] : isKept(part) ? [part] : [],
  );
}
