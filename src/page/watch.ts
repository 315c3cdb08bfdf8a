import { listSamples, type SamplePart, withoutLocal } from '../scrape/columns.ts';
import { pageDocument } from './document.ts';
import { type HistoryColumns, type PageHistory, remember, toColumns } from './model/history.ts';
import { type NotedParts, toHistoryPoint } from './model/history-point.ts';
import { describeStatus, type Notes } from './model/status.ts';

export interface WatchOptions {
  readonly collect: () => Promise<readonly SamplePart[]>;
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
 * What the page shows. It is taken note of on a schedule and not by requests, and described at most once for each note,
 * when a reader asks for it: a storm of requests costs no more than the sending of what is there, and no reader nothing.
 */
export interface Watch {
  /** Reads everything, as a scrape does. */
  note(): Promise<void>;
  /** @param isLocal whether the reader is on this machine, and may see addresses of clients. */
  page(isLocal: boolean): Page;
  history(): HistoryColumns;
}

export function createWatch({ collect, version, now }: WatchOptions): Watch {
  let notes: NotedParts | undefined;
  let before: NotedParts | undefined;
  let history: PageHistory = [];
  const pages = new Map<boolean, Page>();

  function createPage(isLocal: boolean): Page {
    const status = notes && describeStatus(toNotes(notes, isLocal), before && toNotes(before, isLocal));
    const tag = `W/"${version} ${notes?.atSeconds}${isLocal ? ' local' : ''}"`;
    return { markup: pageDocument(version, status, history), tag };
  }

  return {
    async note() {
      const present = { parts: await collect(), atSeconds: now() / 1000 };
      history = remember(history, toHistoryPoint(present, notes));
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

function toNotes({ parts, atSeconds }: NotedParts, isLocal: boolean): Notes {
  return { samples: listSamples(isLocal ? parts : withoutLocal(parts)), atSeconds };
}
