import { type AlertRule, isAlert, type RuleGroup } from '../alerts/src/rule.ts';
import type { HistoryPrometheus, TimeRange } from './history-prometheus.ts';
import { renderLine } from './replayed-history.ts';

/**
 * The series that Prometheus keeps of alerts that go off, as OpenMetrics with timestamps: `promtool` makes blocks of
 * recording rules alone.
 */
export async function replayAlerts(
  groups: readonly RuleGroup[],
  prometheus: HistoryPrometheus,
  range: TimeRange,
): Promise<string> {
  const lines: string[] = [];
  for (const alert of groups.flatMap(({ rules }) => rules.filter(isAlert))) {
    lines.push(...(await replayAlert(alert, prometheus, range)));
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

/** It goes off once its expression held for its time, and until that ends: `keep_firing_for` is left out. */
async function replayAlert(alert: AlertRule, prometheus: HistoryPrometheus, range: TimeRange): Promise<string[]> {
  const { alert: alertname, severity, expr, forSeconds = 0 } = alert;
  const active = await prometheus.queryRange(expr, range);
  return active.flatMap(({ labels: { __name__: _, ...labels }, points }) => {
    let since = Number.NEGATIVE_INFINITY;
    return points.flatMap(([time], index) => {
      const before = points[index - 1]?.[0] ?? Number.NEGATIVE_INFINITY;
      if (time - before > range.stepSeconds) since = time;
      if (time - since < forSeconds) return [];
      const own = { ...labels, alertname, severity };
      return [
        renderLine('ALERTS', { ...own, alertstate: 'firing' }, 1, time),
        renderLine('ALERTS_FOR_STATE', own, since, time),
      ];
    });
  });
}
