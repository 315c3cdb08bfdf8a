import type * as common from '@grafana/grafana-foundation-sdk/common';
import type * as model from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as stateTimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as timeSeries from '@grafana/grafana-foundation-sdk/timeseries';

/**
 * Grafana's own description of its JSON, as types: an option that it does not have does not compile. Its builders are
 * not used, because they leave out ids, refIds and places, and stamp a schema that older Grafanas refuse.
 */

/** What JSON has in place of an enum: its values. */
type Json<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : { [Key in keyof T]: Json<T[Key]> };

export type Datasource = Json<Required<Pick<common.DataSourceRef, 'type' | 'uid'>>>;
export type GridPos = Json<Omit<model.GridPos, 'static'>>;
export type Thresholds = Json<model.ThresholdsConfig>;
export type ValueMapping = Json<model.ValueMapping>;
export type DashboardLink = Json<Omit<model.DashboardLink, 'placement'>>;
export type Variable = Json<Omit<model.VariableModel, 'query'>> & {
  readonly query: string | { readonly query: string; readonly refId: string };
};
export type Annotation = Json<Omit<model.AnnotationQuery, 'placement' | 'target' | 'filter' | 'mappings'>>;

export type Legend = Json<timeSeries.Options['legend']>;

/** A link of a panel or of a field. */
export interface Link {
  readonly title: string;
  readonly url: string;
  readonly targetBlank: boolean;
}

export type Target = Json<
  Required<Pick<prometheus.Dataquery, 'expr' | 'refId' | 'instant' | 'range'>> &
    Pick<prometheus.Dataquery, 'legendFormat' | 'format'>
> & { readonly datasource: Datasource };

export interface Override {
  readonly matcher: { readonly id: 'byName' | 'byRegexp'; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export type FieldDefaults = Json<
  Pick<model.FieldConfig, 'unit' | 'decimals' | 'min' | 'max' | 'noValue' | 'color' | 'thresholds' | 'mappings'>
>;

interface FieldConfig<Custom> {
  readonly defaults: FieldDefaults & { readonly custom?: Custom };
  readonly overrides: readonly Override[];
}

/** Grafana 9.0 to 9.3 have `displayMode` only; later ones turn it into `cellOptions` when they load it. */
export type TableField = Json<Pick<common.TableFieldOptions, 'align' | 'filterable' | 'width' | 'minWidth'>> & {
  readonly displayMode?: 'color-text' | 'color-background';
};

interface PanelOf<Type extends string, Options, Custom = Record<never, never>> {
  readonly type: Type;
  readonly options: Json<Options>;
  readonly fieldConfig: FieldConfig<Json<Custom>>;
}

/** What becomes of the columns of a table. */
export interface Organize {
  readonly excludeByName: Readonly<Record<string, boolean>>;
  readonly indexByName: Readonly<Record<string, number>>;
  readonly renameByName: Readonly<Record<string, string>>;
}

export type Transformation =
  | { readonly id: 'renameByRegex'; readonly options: { readonly regex: string; readonly renamePattern: string } }
  | { readonly id: 'merge'; readonly options: Record<never, never> }
  | { readonly id: 'organize'; readonly options: Organize };

/** How a panel of each kind draws. */
export type Drawing = (
  | PanelOf<'timeseries', Pick<timeSeries.Options, 'legend' | 'tooltip'>, timeSeries.FieldConfig>
  | PanelOf<'stat', Omit<stat.Options, 'wideLayout' | 'showPercentChange' | 'percentChangeColorMode' | 'text'>>
  | PanelOf<'table', { showHeader: boolean; sortBy: common.TableSortByFieldState[] }, TableField>
  | PanelOf<'state-timeline', Omit<stateTimeline.Options, 'timezone'>, stateTimeline.FieldConfig>
) & { readonly transformations?: readonly Transformation[] };

/** A panel that has no place yet. */
export type UnplacedPanel = Drawing & {
  readonly title: string;
  readonly description: string;
  readonly datasource: Datasource;
  readonly targets: readonly Target[];
  readonly links: readonly Link[];
};

export type Panel = UnplacedPanel & { readonly id: number; readonly gridPos: GridPos };

export interface RowPanel {
  readonly id: number;
  readonly type: 'row';
  readonly title: string;
  readonly collapsed: boolean;
  readonly gridPos: GridPos;
  readonly repeat?: string;
  readonly panels: readonly Panel[];
}

export type Dashboard = Json<
  Required<
    Pick<
      model.Dashboard,
      'uid' | 'title' | 'description' | 'tags' | 'timezone' | 'editable' | 'graphTooltip' | 'schemaVersion' | 'refresh'
    >
  >
> & {
  readonly time: { readonly from: string; readonly to: string };
  readonly timepicker: Record<never, never>;
  readonly links: readonly DashboardLink[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly Annotation[] };
  readonly panels: readonly (Panel | RowPanel)[];
};
