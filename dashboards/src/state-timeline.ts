import { colours } from './colours.ts';
import type { ValueMapping } from './grafana.ts';
import { createPanel, type PanelOptions, type SizedPanel } from './panel.ts';
import type { Query } from './query.ts';
import { shortNames } from './short-names.ts';
import { plain } from './steps.ts';

export interface StateTimelineOptions extends PanelOptions {
  readonly queries: readonly Query[];
  readonly mappings: readonly ValueMapping[];
  /** What an empty panel shows. */
  readonly noValue: string;
}

/** Rows of 15 pixels beside the axis and the pages: names that are closer cover each other. Grafana before 11.2 shows all. */
function rowsWithRoom(height: number): number {
  return Math.floor((height * 38 - 106) / 15);
}

/** A bar for each series, in the colour of its state. */
export function stateTimeline(options: StateTimelineOptions): SizedPanel {
  const { queries, mappings, noValue } = options;
  return createPanel(options, queries, {
    type: 'state-timeline',
    transformations: shortNames(queries),
    options: {
      mergeValues: true,
      showValue: 'auto',
      alignValue: 'left',
      rowHeight: 0.8,
      perPage: rowsWithRoom(options.height),
      // The bars have their words; a legend would add that of having no value.
      legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
      tooltip: { mode: 'single', sort: 'none' },
    },
    fieldConfig: {
      defaults: {
        unit: 'none',
        mappings: [...mappings],
        // With `thresholds`, and rows merged, Grafana shows their ranges in place of the words of `mappings`.
        color: { mode: 'fixed', fixedColor: colours.unknown },
        thresholds: plain('text'),
        noValue,
        custom: { fillOpacity: 80, lineWidth: 0 },
      },
      overrides: [],
    },
  });
}
