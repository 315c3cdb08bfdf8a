import type { Drawing, Link, UnplacedPanel } from './grafana.ts';
import { datasource, type Query, withLetters } from './query.ts';

/** What every panel has. */
export interface PanelOptions {
  readonly title: string;
  /** What it shows, and what to do about it. */
  readonly description: string;
  /** Of 24 columns. */
  readonly width: number;
  /** In rows of 30 pixels. */
  readonly height: number;
  readonly links?: readonly Link[];
}

/** A panel and its size; the dashboard finds its place. */
export interface SizedPanel {
  readonly width: number;
  readonly height: number;
  readonly panel: UnplacedPanel;
}

export function createPanel(options: PanelOptions, queries: readonly Query[], drawing: Drawing): SizedPanel {
  const { title, description, width, height, links = [] } = options;
  const choices = new Set(queries.flatMap(({ choice }) => choice ?? []));
  const described = [description, ...choices].join(' ');
  const targets = withLetters(queries);
  return { width, height, panel: { title, description: described, datasource, targets, links, ...drawing } };
}
