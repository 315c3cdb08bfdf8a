import { colours } from './colours.ts';
import type { Thresholds, ValueMapping } from './grafana.ts';
import { createPanel, type PanelOptions, type SizedPanel } from './panel.ts';
import { number } from './query.ts';

export interface StatOptions extends PanelOptions {
  readonly unit: string;
  readonly expr: string;
  readonly thresholds: Thresholds;
  readonly mappings?: readonly ValueMapping[];
  readonly decimals?: number;
  /** What it shows where there is nothing to count. */
  readonly noValue: string;
}

/** One number, on the colour of its severity. */
export function stat(options: StatOptions): SizedPanel {
  const { unit, expr, thresholds, mappings = [], decimals, noValue } = options;
  return createPanel(options, [number(expr)], {
    type: 'stat',
    options: {
      colorMode: 'background',
      graphMode: 'none',
      justifyMode: 'center',
      orientation: 'auto',
      textMode: 'value',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
    fieldConfig: {
      defaults: {
        unit,
        thresholds: colourless(thresholds),
        mappings: [...mappings],
        color: { mode: 'thresholds' },
        noValue,
        ...(decimals === undefined ? {} : { decimals }),
      },
      overrides: [],
    },
  });
}

/** What has no value gets the colour of the lowest step: it is neither good nor bad. No number here is below 0. */
function colourless({ mode, steps }: Thresholds): Thresholds {
  const [lowest, ...others] = steps;
  const fromZero = lowest === undefined ? [] : [{ ...lowest, value: 0 }];
  return { mode, steps: [{ value: null, color: colours.none }, ...fromZero, ...others] };
}
