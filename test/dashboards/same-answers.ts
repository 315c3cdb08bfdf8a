import type { Series } from '../../scripts/history-prometheus.ts';
import type { LabHistory } from '../../scripts/lab-history.ts';
import { renderLine } from '../../scripts/replayed-history.ts';

/** Every sample that Prometheus has, its own of rules and alerts among them. */
export async function copySamples({ prometheus, range }: LabHistory, url: string): Promise<void> {
  const seconds = range.endSeconds - range.startSeconds + range.stepSeconds;
  const body = new URLSearchParams({ query: `{__name__=~".+"}[${seconds}s]`, time: String(range.endSeconds) });
  const answer = await fetch(`${prometheus.url}/api/v1/query`, { method: 'POST', body });
  const { data } = (await answer.json()) as { readonly data: { readonly result: readonly RawSeries[] } };
  const lines = data.result.flatMap(({ metric: { __name__: name = '', ...labels }, values }) =>
    values.map(([time, value]) => renderLine(name, labels, Number(value.replace('Inf', 'Infinity')), time * 1000)),
  );
  const imported = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: lines.join('\n') });
  if (!imported.ok) throw new Error(`Cannot import: ${await imported.text()}`);
  await fetch(`${url}/internal/force_flush`);
}

interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

export function findDifferences(one: readonly Series[], other: readonly Series[]): string[] {
  const [expected, found] = [pointsByLabels(one), pointsByLabels(other)];
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((point) => {
    const [a, b] = [expected.get(point), found.get(point)];
    return isClose(a, b) ? [] : [`${point}: ${a} in Prometheus, ${b} in the other`];
  });
}

/** Names of metrics are left out: the two keep them after other functions, and no legend or column has them. */
function pointsByLabels(series: readonly Series[]): Map<string, number> {
  return new Map(
    series.flatMap(({ labels: { __name__: _, ...labels }, points }) => {
      const key = JSON.stringify(Object.entries(labels).sort());
      return points.map(([time, value]) => [`${key} ${time}`, value] as const);
    }),
  );
}

function isClose(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Object.is(a, b) || Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(a), Math.abs(b));
}
