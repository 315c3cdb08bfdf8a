import { fileURLToPath } from 'node:url';
import { groups } from '../alerts/src/groups.ts';
import { renderRules } from '../alerts/src/rule-file.ts';
import { type HistoryPrometheus, startHistoryPrometheus, type TimeRange } from './history-prometheus.ts';
import { replayAlerts } from './replayed-alerts.ts';
import { replayHistory } from './replayed-history.ts';

const recordings = fileURLToPath(new URL('../test/fixtures/lab', import.meta.url));
const nodes = ['compute', 'director1', 'director2', 'shelf'];
const lengthSeconds = 115;
const everySeconds = 5;
/** The groups that look back for days are evaluated each two minutes, which is longer than the recordings are. */
const rules = renderRules(groups.map((group) => ({ ...group, intervalSeconds: everySeconds })));
/** A recorded series may be made of a recorded series that is made of another. */
const deepestRule = 3;

export interface LabHistory {
  readonly prometheus: HistoryPrometheus;
  readonly range: TimeRange;
  stop(): Promise<void>;
}

/**
 * Starts a Prometheus that has the recordings of the lab as if it had scraped the lab just now, with the rules of alerts/.
 *
 * @param more OpenMetrics to load as well.
 */
export async function startHistory(more?: (range: TimeRange) => Promise<string>): Promise<LabHistory> {
  const endSeconds = endWithinBlock(Math.floor(Date.now() / 1000));
  const range = { startSeconds: endSeconds - lengthSeconds, endSeconds, stepSeconds: everySeconds };
  const prometheus = await startHistoryPrometheus();
  try {
    await prometheus.add(
      await replayHistory({
        recordings: Object.fromEntries(nodes.map((node) => [node, `${recordings}/${node}`])),
        startSeconds: range.startSeconds,
        lengthSeconds,
        everySeconds,
      }),
    );
    if (more) await prometheus.add(await more(range));
    for (let depth = 0; depth < deepestRule; depth++) await prometheus.record(rules, range);
    await prometheus.add(await replayAlerts(groups, prometheus, range));
  } catch (error) {
    await prometheus.stop();
    throw error;
  }
  return { prometheus, range, stop: () => prometheus.stop() };
}

const blockSeconds = 2 * 3600;

/**
 * Now, or shortly before: where the range would lie in two of Prometheus' blocks. `promtool` leaves out a group of rules
 * that has no evaluation in the first of them.
 */
function endWithinBlock(now: number): number {
  const block = now - (now % blockSeconds);
  return now - lengthSeconds < block ? block - 1 : now;
}
