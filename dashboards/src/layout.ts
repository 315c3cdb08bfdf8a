import type { Panel, RowPanel } from './grafana.ts';
import type { SizedPanel } from './panel.ts';

export interface Row {
  readonly title: string;
  readonly panels: readonly SizedPanel[];
  /** Closed until you open it; its queries run only then. */
  readonly collapsed?: boolean;
  /** A variable: the row is there once for each of its values. */
  readonly repeat?: string;
}

const columns = 24;
const headingHeight = 1;

/** Places panels in reading order, from left to right and top to bottom, and numbers them. */
export function place(rows: readonly Row[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = [];
  let y = 0;
  let id = 1;
  for (const { title, panels, collapsed = false, repeat } of rows) {
    const heading = {
      id: id++,
      type: 'row',
      title,
      collapsed,
      gridPos: { x: 0, y, w: columns, h: headingHeight },
    } as const;
    const inside = flow(panels, y + headingHeight, id);
    id += inside.length;
    y = Math.max(y + headingHeight, ...inside.map(({ gridPos }) => gridPos.y + gridPos.h));
    placed.push({ ...heading, ...(repeat === undefined ? {} : { repeat }), panels: collapsed ? inside : [] });
    if (!collapsed) placed.push(...inside);
  }
  return placed;
}

function flow(panels: readonly SizedPanel[], top: number, firstId: number): Panel[] {
  let [x, y, lineHeight] = [0, top, 0];
  return panels.map(({ width, height, panel }, index) => {
    if (x + width > columns) [x, y, lineHeight] = [0, y + lineHeight, 0];
    const gridPos = { x, y, w: width, h: height };
    x += width;
    lineHeight = Math.max(lineHeight, height);
    return { id: firstId + index, ...panel, gridPos };
  });
}
