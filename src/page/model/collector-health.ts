import type { Readings } from '../../readings/readings.ts';
import {
  collectorAvailable,
  collectorDuration,
  collectorLastSuccess,
  collectorSuccess,
  seriesLimited,
  sourceInfo,
} from '../../scrape/exporter-metrics.ts';

/** How a collector of the exporter does. */
export interface CollectorHealth {
  readonly name: string;
  /** `absent`: the machine does not have its source. `limited`: it works and holds back what would be too many series. */
  readonly state: 'works' | 'limited' | 'absent' | 'failed';
  readonly sources: readonly string[];
  /** Unix time; undefined before its first success. */
  readonly lastSuccessSeconds: number | undefined;
  readonly durationSeconds: number | undefined;
}

/** All that have run, those that fail first. */
export function listCollectors(readings: Readings): CollectorHealth[] {
  const collectors = readings.all(collectorAvailable).map(({ labels }): CollectorHealth => {
    const of = { collector: labels.collector ?? '' };
    const sources = readings.all(sourceInfo, of);
    return {
      name: of.collector,
      state: stateOf(readings, of),
      sources: sources.map((source) => source.labels.source ?? ''),
      lastSuccessSeconds: readings.value(collectorLastSuccess, of),
      durationSeconds: readings.value(collectorDuration, of),
    };
  });
  return collectors.sort((one, other) => Number(other.state === 'failed') - Number(one.state === 'failed'));
}

function stateOf(readings: Readings, of: { readonly collector: string }): CollectorHealth['state'] {
  if (!readings.is(collectorAvailable, of)) return 'absent';
  if (!readings.is(collectorSuccess, of)) return 'failed';
  return readings.is(seriesLimited, of) ? 'limited' : 'works';
}
