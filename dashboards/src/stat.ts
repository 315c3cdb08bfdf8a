import type { Thresholds, ValueMapping } from './grafana.ts';
import { createPanel, type PanelOptions, type SizedPanel } from './panel.ts';
import { number } from './query.ts';

export interface StatOptions extends PanelOptions {
  readonly unit: string;
  readonly expr: string;
  readonly thresholds: Thresholds;
  readonly mappings?: readonly ValueMapping[];
  readonly decimals?: number;
  /** What it says where there is nothing to count. */
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
        thresholds,
        mappings: [...mappings],
        color: { mode: 'thresholds' },
        noValue,
        ...(decimals === undefined ? {} : { decimals }),
      },
      overrides: [],
    },
  });
}
