import type { FieldDefaults, Legend, Override, Thresholds } from './grafana.ts';
import { createPanel, type PanelOptions, type SizedPanel } from './panel.ts';
import type { Query } from './query.ts';
import { plain } from './steps.ts';

/** How one line, or all whose names match, is drawn. */
export interface LineStyle {
  readonly name: string | RegExp;
  readonly colour: string;
  readonly dashed?: boolean;
  /** Not part of the stack: a limit that the stack is held against. */
  readonly apart?: boolean;
}

export interface TimeSeriesOptions extends PanelOptions {
  readonly unit: string;
  readonly queries: readonly Query[];
  readonly lines?: readonly LineStyle[];
  readonly stacked?: boolean;
  /** Drawn as lines across the panel. */
  readonly thresholds?: Thresholds;
  /** 0 unless given. */
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
  /** What an empty panel says. */
  readonly noValue: string;
}

export function timeSeries(options: TimeSeriesOptions): SizedPanel {
  const { queries, lines = [], stacked = false, thresholds } = options;
  return createPanel(options, queries, {
    type: 'timeseries',
    options: {
      legend: placeLegend(options),
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    fieldConfig: {
      defaults: {
        ...describeValue(options),
        color: { mode: 'palette-classic' },
        thresholds: thresholds ?? plain(),
        custom: {
          drawStyle: 'line',
          lineInterpolation: 'linear',
          lineWidth: 1,
          fillOpacity: stacked ? 40 : 0,
          showPoints: 'never',
          spanNulls: false,
          stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
          ...(softMaxima[options.unit] === undefined ? {} : { axisSoftMax: softMaxima[options.unit] }),
          thresholdsStyle: { mode: thresholds === undefined ? 'off' : 'line' },
        },
      },
      overrides: lines.map(drawLine),
    },
  });
}

/** As many entries as there are machines, services or states would cover the chart: they stand beside it and scroll. */
function placeLegend({ queries, width }: TimeSeriesOptions): Legend {
  const legend: Omit<Legend, 'placement'> = { displayMode: 'list', showLegend: true, calcs: [] };
  const isOpen = queries.some(({ legendFormat }) => /\{\{(?!netns\}\})/.test(legendFormat ?? ''));
  return isOpen ? { ...legend, placement: 'right', width: legendWidths(width) } : { ...legend, placement: 'bottom' };
}

/** In pixels, at 1,280 of the window: the names of a narrow panel are as long. */
function legendWidths(columns: number): number {
  return Math.min(300, Math.round(columns * 52 * (columns < 12 ? 0.45 : 0.35)));
}

/** Without it, a chart of zeros has an axis up to 100. */
const softMaxima: Readonly<Record<string, number>> = { none: 1, short: 1, cps: 1, pps: 1, Bps: 1 };

function describeValue({ unit, min = 0, max, decimals, noValue }: TimeSeriesOptions): FieldDefaults {
  return {
    unit,
    min,
    noValue,
    ...(max === undefined ? {} : { max }),
    ...(decimals === undefined ? {} : { decimals }),
  };
}

function drawLine({ name, colour, dashed, apart }: LineStyle): Override {
  const matcher =
    typeof name === 'string'
      ? ({ id: 'byName', options: name } as const)
      : ({ id: 'byRegexp', options: String(name) } as const);
  return {
    matcher,
    properties: [
      { id: 'color', value: { mode: 'fixed', fixedColor: colour } },
      ...(dashed ? [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } }] : []),
      ...(apart
        ? [
            { id: 'custom.stacking', value: { mode: 'none', group: 'A' } },
            { id: 'custom.fillOpacity', value: 0 },
          ]
        : []),
    ],
  };
}
