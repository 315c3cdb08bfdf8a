import type { Readings } from '../../readings/readings.ts';

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
  const collectors = readings.all('lvs_exporter_collector_available').map(({ labels }): CollectorHealth => {
    const of = { collector: labels.collector ?? '' };
    const sources = readings.all('lvs_exporter_source_info', of);
    return {
      name: of.collector,
      state: stateOf(readings, of),
      sources: sources.map((source) => source.labels.source ?? ''),
      lastSuccessSeconds: readings.value('lvs_exporter_collector_last_success_timestamp_seconds', of),
      durationSeconds: readings.value('lvs_exporter_collector_duration_seconds', of),
    };
  });
  return collectors.sort((one, other) => Number(other.state === 'failed') - Number(one.state === 'failed'));
}

function stateOf(readings: Readings, of: { readonly collector: string }): CollectorHealth['state'] {
  if (!readings.is('lvs_exporter_collector_available', of)) return 'absent';
  if (!readings.is('lvs_exporter_collector_success', of)) return 'failed';
  return readings.is('lvs_exporter_series_limited', of) ? 'limited' : 'works';
}
