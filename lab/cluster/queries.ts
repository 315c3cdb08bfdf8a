import type { Prometheus } from './prometheus.ts';

/** The value of a query that has one series. */
export async function queryOne({ query }: Prometheus, expression: string): Promise<number> {
  const [series] = await query(expression);
  if (series === undefined) throw new Error(`Prometheus has no series for ${expression}`);
  return series.value;
}

/** The verdict that stands on each destination of compute, by `ADDRESS:PORT`. */
export async function queryVerdicts({ query }: Prometheus): Promise<Record<string, string>> {
  const standing = await query('conntrack_destination_verdict{instance="compute"} == 1');
  return Object.fromEntries(
    standing.map(({ labels: { address, port, verdict = '' } }) => [`${address}:${port}`, verdict]),
  );
}
