import type { FieldDefaults, Legend, Override, Thresholds } from './grafana.ts';
import { createPanel, type PanelOptions, type SizedPanel } from './panel.ts';
import type { Query } from './query.ts';
import { isOpen, shortNames } from './short-names.ts';
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
  /** What an empty panel shows. */
  readonly noValue: string;
}

export function timeSeries(options: TimeSeriesOptions): SizedPanel {
  const { queries, lines = [], stacked = false, thresholds } = options;
  return createPanel(options, queries, {
    type: 'timeseries',
    transformations: shortNames(queries),
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
          axisSoftMax: topOfZeros(options),
          thresholdsStyle: { mode: thresholds === undefined ? 'off' : 'line' },
        },
      },
      overrides: lines.map(drawLine),
    },
  });
}

/** Of the columns of the grid. */
const half = 12;

/**
 * As many entries as there are machines, services or states stand beside the chart and scroll, the largest on top. Without
 * a width they take what their names need, at most 60 % of the panel: more is cut. A narrow panel has no room for both:
 * there they are below, where Grafana gives them a third of the height and scrolls.
 */
function placeLegend({ queries, width }: TimeSeriesOptions): Legend {
  const below: Legend = { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] };
  if (!isOpen(queries) || width < half) return below;
  const beside = { placement: 'right', showLegend: true } as const;
  return { ...beside, displayMode: 'table', calcs: ['lastNotNull'], sortBy: 'Last *', sortDesc: true };
}

/** Where the axis of a chart of zeros ends: Grafana's own is at 100, which is 10,000 % of a `percentunit`. */
function topOfZeros({ unit, thresholds }: TimeSeriesOptions): number {
  return (thresholds === undefined ? tops[unit] : undefined) ?? 1;
}

/** Those of packets and bytes leave no thousandths of them at the axis. */
const tops: Readonly<Record<string, number>> = { pps: 5, Bps: 100, s: 0.001, percentunit: 0.01, bytes: 1024 };

/** Rates over an interval that has one scrape or none are absent. */
function explainEmpty({ queries, noValue }: TimeSeriesOptions): string {
  const areRates = queries.every(({ expr }) => expr.includes('$__rate_interval'));
  return areRates ? `${noValue}, or a wrong scrape interval in the data source` : noValue;
}

function describeValue(options: TimeSeriesOptions): FieldDefaults {
  const { unit, min = 0, max, decimals } = options;
  return {
    unit,
    min,
    noValue: explainEmpty(options),
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
