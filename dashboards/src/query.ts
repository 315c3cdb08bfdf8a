import type { Datasource, Target } from './grafana.ts';

/** Grafana puts the value of a variable here, in one of its formats. */
export function variable(name: string): string {
  return `\${${name}}`;
}

/** What the user picks at the top of a dashboard. A variable works with import, provisioning and grafana.com alike. */
export const datasource: Datasource = { type: 'prometheus', uid: variable('datasource') };

/** The matchers of every selector: the machines that are picked. */
export const own = 'job=~"$job",cluster=~"$cluster",instance=~"$instance"';
/** For what several machines are together, such as a VRRP pair: to pick one of them must not make it look broken. */
export const together = 'job=~"$job",cluster=~"$cluster"';

const build = `lvs_exporter_build_info{${own}}`;

const answered = `max_over_time(${build}[1h])`;

/** What any target may have: that of our exporters alone, also when one does not answer for some time. */
export function ofExporters(metric: string): string {
  return `(${metric}{${own}} and on (job, cluster, instance) ${answered})`;
}

/** Others of the job that answer and are no exporters: what never answered may then be one of them. */
const othersOfJob = `(up{${together}} == 1 unless on (job, cluster, instance) lvs_exporter_build_info{${together}})`;
const neverAnswered = `up{${own}} and on (job) max_over_time(lvs_exporter_build_info{${together}}[1h]) unless on (job) ${othersOfJob}`;

/**
 * Whether each exporter answers: all that answered within the last hour, or at a full hour of two weeks, and those that
 * never did, of jobs that have exporters alone. To read every sample of so long would be dear.
 */
export const exportersUp = `(up{${own}} and on (job, cluster, instance) (${answered} or max_over_time(${build}[2w:1h])) or ${neverAnswered})`;

/** A count that is 0 where there is something to count, and absent where there is not. */
export function countOrZero(bad: string, all: string): string {
  return `count(${bad}) or 0 * count(${all})`;
}

/** A query that has no letter yet. */
export type Query = Omit<Target, 'refId'> & {
  /** Which series it shows where there are many, as a sentence of the description. */
  readonly choice?: string;
};

/** Series over time. `{{label}}` in the legend gives a label. */
export function range(expr: string, legendFormat: string): Query {
  return { datasource, expr, legendFormat, instant: false, range: true };
}

/** The latest values, one row for each series. */
export function latest(expr: string): Query {
  return { datasource, expr, format: 'table', instant: true, range: false };
}

/** The latest value, for a single number. */
export function number(expr: string): Query {
  return { datasource, expr, instant: true, range: false };
}

export function withLetters(queries: readonly Query[]): Target[] {
  return queries.map(({ choice: _, ...query }, index) => ({ ...query, refId: letter(index) }));
}

/** The name of a query within its panel: A for the first. */
export function letter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
