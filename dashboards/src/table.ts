import type { Link, Organize, Override, TableField, Thresholds, ValueMapping } from './grafana.ts';
import { createPanel, type PanelOptions, type SizedPanel } from './panel.ts';
import { latest, letter } from './query.ts';
import { nothing } from './states.ts';
import { plain } from './steps.ts';

interface ColumnLook {
  readonly heading: string;
  readonly width?: number;
  readonly unit?: string;
  readonly decimals?: number;
  readonly thresholds?: Thresholds;
  readonly mappings?: readonly ValueMapping[];
  readonly display?: NonNullable<TableField['displayMode']>;
  readonly links?: readonly Link[];
}

/** A column that distinguishes rows. */
export interface LabelColumn extends ColumnLook {
  readonly label: string;
}

export interface ValueColumn extends ColumnLook {
  readonly expr: string;
  /** A label that this query alone has: shown in place of its value. */
  readonly showLabel?: string;
}

export interface SortKey {
  readonly heading: string;
  readonly ascending?: boolean;
}

/** Takes the width that the other columns leave: names of machines are short in one fleet and long in another. */
export const machineColumn = { label: 'instance', heading: 'Machine' } as const satisfies LabelColumn;

/** Two clusters may have machines of one name. Grafana leaves it out where no machine has a cluster. */
const clusterColumn: LabelColumn = { label: 'cluster', heading: 'Cluster', width: 80 };
/** Grafana leaves it out unless two jobs have one machine: else `$apart` is another label. */
const jobColumn: LabelColumn = { label: 'job', heading: 'Job', width: 110 };

export interface TableOptions extends PanelOptions {
  readonly labels: readonly LabelColumn[];
  /** The first is there whenever any other is. */
  readonly columns: readonly ValueColumn[];
  /** The headings that it is sorted by, the largest on top unless `ascending`. */
  readonly sortBy?: readonly SortKey[];
  /** What an empty table shows. */
  readonly noValue: string;
}

/**
 * One row for each set of labels, one column for each query. Every query is grouped by the labels, so that others which
 * targets may have make neither columns nor rows.
 */
export function table(options: TableOptions): SizedPanel {
  const { columns, sortBy = [], noValue } = options;
  const labels = withTarget(options.labels);
  const queries = columns.map(({ expr, showLabel }) => {
    const by = [
      ...labels.map(({ label }) => (label === jobColumn.label ? '$apart' : label)),
      ...(showLabel === undefined ? [] : [showLabel]),
    ];
    return latest(`max by (${by.join(', ')}) (${expr})`);
  });
  return createPanel(options, queries, {
    type: 'table',
    options: {
      showHeader: true,
      sortBy: sortBy.map(({ heading, ascending = false }) => ({ displayName: heading, desc: !ascending })),
    },
    transformations: [
      { id: 'merge', options: {} },
      { id: 'organize', options: organize(labels, columns) },
    ],
    fieldConfig: {
      defaults: {
        noValue,
        color: { mode: 'thresholds' },
        thresholds: plain('text'),
        custom: { align: 'left', filterable: false },
      },
      overrides: [...labels, ...columns.map(withWidth)].map((column) =>
        look(
          column,
          sortBy.some(({ heading }) => heading === column.heading),
        ),
      ),
    },
  });
}

/** Cluster and job, beside the machine or first in a table of a machine that is picked, unless the table has them elsewhere. */
function withTarget(labels: readonly LabelColumn[]): readonly LabelColumn[] {
  const has = (name: string) => labels.some(({ label }) => label === name);
  const added = [clusterColumn, jobColumn].filter(({ label }) => !has(label));
  if (!has(machineColumn.label)) return [...added, ...labels];
  return labels.flatMap((one) => (one.label === machineColumn.label ? [one, ...added] : [one]));
}

function organize(labels: readonly LabelColumn[], columns: readonly ValueColumn[]): Organize {
  const values = columns.flatMap((column, index) => valueNames(index).map((value) => ({ ...column, value })));
  const shown = [
    ...labels.map(({ label, heading }) => [label, heading] as const),
    ...values.map(({ showLabel, value, heading }) => [showLabel ?? value, heading] as const),
  ];
  const hidden = values.filter(({ showLabel }) => showLabel !== undefined).map(({ value }) => value);
  return {
    excludeByName: Object.fromEntries(['Time', ...hidden].map((name) => [name, true])),
    indexByName: Object.fromEntries(shown.map(([name], index) => [name, index])),
    renameByName: Object.fromEntries(shown),
  };
}

/** Grafana calls values by the letter of their query; not so where no other query has any: then it is the first. */
function valueNames(index: number): string[] {
  const name = `Value #${letter(index)}`;
  return index === 0 ? [name, 'Value'] : [name];
}

/** Room for a heading, in pixels: its letters, the padding, and the arrow of a column that is sorted by. */
function minWidth(heading: string, isSorted: boolean): number {
  return Math.ceil(heading.length * 7.2) + (isSorted ? 48 : 28);
}

/** In pixels. What numbers and times do not need is left to names: "a few seconds ago" is the longest of these. */
const valueWidth = 115;
const agoWidth = 140;

function withWidth(column: ValueColumn): ValueColumn {
  const width = column.unit === 'dateTimeFromNow' ? agoWidth : valueWidth;
  return column.showLabel === undefined ? { width, ...column } : column;
}

/** An empty cell is empty: `noValue` is for the table as a whole. */
function look(column: ColumnLook, isSorted: boolean): Override {
  const { heading, width, unit, decimals, thresholds, mappings, display, links } = column;
  const least = minWidth(heading, isSorted);
  const properties = {
    'custom.width': width === undefined ? undefined : Math.max(width, least),
    // Grafana's own is 150 pixels, so that a table of many columns would not fit.
    'custom.minWidth': width === undefined ? least : undefined,
    unit,
    decimals,
    thresholds,
    // Grafana gives an empty cell the colour of the lowest threshold.
    mappings: thresholds === undefined ? mappings : [...(mappings ?? []), nothing],
    'custom.displayMode': display,
    links,
  };
  return {
    matcher: { id: 'byName', options: heading },
    properties: [
      { id: 'noValue', value: '' },
      ...Object.entries(properties).flatMap(([id, value]) => (value === undefined ? [] : [{ id, value }])),
    ],
  };
}
