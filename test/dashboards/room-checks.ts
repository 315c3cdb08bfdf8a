import { organizeOf } from '../../dashboards/preview/look.ts';
import type { Panel } from '../../dashboards/src/grafana.ts';
import { type Check, complain } from './check.ts';
import { panelsOf } from './expressions.ts';

/**
 * What fits in a browser window of 1,280 pixels: there a column of the grid has 52 pixels, or 39.5 beside Grafana's menu,
 * which it docks at that width. A row always has 38.
 */
export const roomChecks = {
  'titles fit beside their icons, beside the menu': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, gridPos }) => complain(title.length > maxTitleLength(gridPos.w), title)),

  'columns have room for their headings': (dashboard) =>
    tablesOf(dashboard).flatMap((panel) =>
      columnsOf(panel)
        .filter(({ heading, least }) => least < heading.length * 7.2 + (isSortedBy(panel, heading) ? 48 : 28))
        .map(({ heading }) => `${panel.title} ${heading}`),
    ),

  'words fit into their cells': (dashboard) =>
    tablesOf(dashboard).flatMap((panel) =>
      columnsOf(panel).flatMap(({ heading, least, words }) =>
        words.filter((one) => least < one.length * 7.6 + 14).map((one) => `${panel.title} ${heading}: ${one}`),
      ),
    ),

  'times fit into their cells': (dashboard) =>
    tablesOf(dashboard).flatMap((panel) =>
      columnsOf(panel)
        .filter(({ isTime, least }) => isTime && least < 'a few seconds ago'.length * 7.2 + 14)
        .map(({ heading }) => `${panel.title} ${heading}`),
    ),

  'all columns are seen at 1,280 pixels': (dashboard) =>
    tablesOf(dashboard).flatMap((panel) => {
      const needed = columnsOf(panel).reduce((sum, { least }) => sum + least, 0);
      const there = panel.gridPos.w * 52 - 18;
      return complain(needed > there, `${panel.title}: ${needed} of ${there} pixels`);
    }),

  'answers are seen beside the menu': (dashboard) =>
    tablesOf(dashboard).flatMap((panel) => {
      const columns = columnsOf(panel);
      const last = columns.findLastIndex(({ isAnswer }) => isAnswer);
      const needed = columns
        .slice(0, last + 1)
        .reduce((sum, { hasWidth, least, smallest }) => sum + (hasWidth ? least : smallest), 0);
      const there = panel.gridPos.w * 39.5 - 18;
      return complain(needed > there, `${panel.title}: ${needed} of ${there} pixels`);
    }),

  'numbers leave the room to names': (dashboard) =>
    tablesOf(dashboard).flatMap((panel) => {
      const free = columnsOf(panel).filter(({ hasWidth, isValue }) => isValue && !hasWidth);
      return free.map(({ heading }) => `${panel.title} ${heading}`);
    }),

  'a legend of many entries leaves room for the chart': (dashboard) =>
    panelsOf(dashboard).flatMap((panel) => {
      if (panel.type !== 'timeseries') return [];
      const { placement, width } = panel.options.legend;
      const isOpen = panel.targets.some(({ legendFormat }) =>
        /\{\{(?!(netns|cluster|\$apart)\}\})/.test(legendFormat ?? ''),
      );
      // One that is wider than 60 % of the panel is cut: Grafana gives what the names need.
      const isBeside = placement === 'right' && width === undefined;
      const isWide = panel.gridPos.w >= 12;
      return complain(isOpen && !(isWide ? isBeside : placement === 'bottom'), panel.title);
    }),

  'rows of a state timeline have room for their names': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, gridPos, options }) => {
      if (type !== 'state-timeline') return [];
      const rows = options.perPage ?? Number.POSITIVE_INFINITY;
      return complain(rows * 15 > gridPos.h * 38 - 100 || rows < 4, title);
    }),
} as const satisfies Record<string, Check>;

type Table = Extract<Panel, { type: 'table' }>;

function tablesOf(dashboard: Parameters<Check>[0]): Table[] {
  return panelsOf(dashboard).filter((panel): panel is Table => panel.type === 'table');
}

function isSortedBy({ options }: Table, heading: string): boolean {
  return options.sortBy.some(({ displayName }) => displayName === heading);
}

/** A letter has 7 pixels; icons and padding take 124. */
function maxTitleLength(width: number): number {
  return Math.floor((width * 39.5 - 124) / 7);
}

interface Column {
  readonly heading: string;
  /** In pixels. */
  readonly least: number;
  readonly hasWidth: boolean;
  /** In pixels, where Grafana 12 has no room for more. */
  readonly smallest: number;
  readonly isTime: boolean;
  /** It judges, by words or colours. */
  readonly isAnswer: boolean;
  /** A number, not a label. */
  readonly isValue: boolean;
  /** What its values are shown as. */
  readonly words: readonly string[];
}

/** Grafana's own, where a dashboard has none, and what it does not go below without a width. */
const usualLeastWidth = 150;
const leastFreeWidth = 112;

/** Labels that hardly any machine has: Grafana leaves out a column that is empty. */
const rare = ['netns', 'family', 'daemon', 'job'];

/** Without those of rare labels. */
function columnsOf(panel: Table): Column[] {
  const { renameByName, excludeByName } = organizeOf(panel);
  const shown = Object.entries(renameByName).filter(([name]) => !excludeByName[name] && !rare.includes(name));
  const headings = new Set(shown.map(([, heading]) => heading));
  const values = new Set(shown.filter(([name]) => name.startsWith('Value')).map(([, heading]) => heading));
  return panel.fieldConfig.overrides
    .filter(({ matcher }) => headings.has(matcher.options))
    .map(({ matcher, properties }) => {
      const looks = new Map(properties.map(({ id, value }) => [id, value]));
      const free = Math.max(leastFreeWidth, Number(looks.get('custom.minWidth') ?? usualLeastWidth));
      const width = looks.get('custom.width');
      const heading = matcher.options;
      const words = [...JSON.stringify(looks.get('mappings') ?? []).matchAll(/"text":"([^"]+)"/g)].map(
        ([, one = '']) => one,
      );
      return {
        heading,
        least: Number(width ?? free),
        smallest: Number(looks.get('custom.minWidth') ?? usualLeastWidth),
        isTime: looks.get('unit') === 'dateTimeFromNow',
        isAnswer: looks.has('thresholds') || words.length > 0,
        hasWidth: width !== undefined,
        isValue: values.has(heading),
        words,
      };
    });
}
