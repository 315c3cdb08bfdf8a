import type { Panel } from '../src/grafana.ts';
import { classicColour, colourOf, overridesFor } from './look.ts';

/** A series with the name that its legend gives it. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface DrawnLine extends Line {
  readonly colour: string;
  readonly dashed: boolean;
  readonly stacked: boolean;
  /** What it stands on, by time. */
  readonly base: ReadonlyMap<number, number>;
}

/** How each line is drawn, and on which others it stands. */
export function stack(panel: Panel, lines: readonly Line[]): DrawnLine[] {
  const isStacked = panel.type === 'timeseries' && panel.fieldConfig.defaults.custom?.stacking?.mode === 'normal';
  const sums = new Map<number, number>();
  return lines.map((line, index) => {
    const overrides = overridesFor(panel, line.name);
    const stacked = isStacked && overrides['custom.stacking'] === undefined;
    const base = new Map(stacked ? sums : []);
    if (stacked) for (const [time, value] of line.points) sums.set(time, (sums.get(time) ?? 0) + value);
    const colour = overrides.color
      ? colourOf((overrides.color as { readonly fixedColor: string }).fixedColor)
      : classicColour(index);
    return { ...line, colour, dashed: overrides['custom.lineStyle'] !== undefined, stacked, base };
  });
}
