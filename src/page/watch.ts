import { type Sample, withoutLocal } from '../scrape/metric.ts';
import { pageDocument } from './document.ts';
import { type HistoryColumns, type PageHistory, remember, toColumns } from './model/history.ts';
import { describeStatus, type Notes, type Status } from './model/status.ts';

export interface WatchOptions {
  readonly collect: () => Promise<readonly Sample[]>;
  readonly version: string;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

export interface Page {
  readonly markup: string;
  /** An entity tag: another one for another page. */
  readonly tag: string;
}

/**
 * What the page shows. It is taken note of on a schedule and not by requests: a storm of them costs no more than the
 * sending of what is there.
 */
export interface Watch {
  /** Reads everything, as a scrape does. */
  note(): Promise<void>;
  /** @param isLocal whether the reader is on this machine, and may see addresses of clients. */
  page(isLocal: boolean): Page;
  history(): HistoryColumns;
}

export function createWatch({ collect, version, now }: WatchOptions): Watch {
  let notes: Notes | undefined;
  let before: Notes | undefined;
  let status: Status | undefined;
  let history: PageHistory = [];
  const pages = new Map<boolean, Page>();

  function createPage(isLocal: boolean): Page {
    const shown = isLocal && notes ? describeStatus(notes, before) : status;
    const tag = `W/"${version} ${status?.atSeconds}${isLocal ? ' local' : ''}"`;
    return { markup: pageDocument(version, shown, history), tag };
  }

  return {
    async note() {
      const present = { samples: await collect(), atSeconds: now() / 1000 };
      status = describeStatus(withoutLocalSamples(present), notes && withoutLocalSamples(notes));
      history = remember(history, observe(status));
      [notes, before] = [present, notes];
      pages.clear();
    },
    page(isLocal) {
      const page = pages.get(isLocal) ?? createPage(isLocal);
      pages.set(isLocal, page);
      return page;
    },
    history: () => toColumns(history),
  };
}

function withoutLocalSamples({ samples, atSeconds }: Notes): Notes {
  return { samples: withoutLocal(samples), atSeconds };
}

function observe({ atSeconds, tables, upstream }: Status) {
  const own = tables.find(({ netns }) => netns === undefined)?.table;
  return {
    atSeconds,
    entries: own?.entries,
    limit: own && own.limit > 0 ? own.limit : undefined,
    equilibrium: own?.equilibrium,
    upstream: upstream?.entries,
    upstreamLimit: upstream?.limit,
  };
}
