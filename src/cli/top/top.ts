import { messageOf } from '../../host/errors.ts';
import type { Notes } from '../../page/model/status.ts';
import { describeTop, describeWaiting } from '../../top/model.ts';
import { type Model, renderScreen, visibleRows } from '../../top/screen.ts';
import { firstView, press, type View } from '../../top/view.ts';
import type { TopSource } from './source.ts';
import type { Terminal, TerminalEvents } from './terminal.ts';

export interface TopOptions {
  readonly source: TopSource;
  readonly intervalSeconds: number;
  readonly openTerminal: (events: TerminalEvents) => Terminal;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Aborted to end it from outside. */
  readonly signal: AbortSignal;
}

/** The live view, until it is quit, its terminal has gone or it is aborted. */
export async function runTop(options: TopOptions): Promise<void> {
  const { source, intervalSeconds, openTerminal, now, signal } = options;
  const subject = (problem?: string) => ({ name: source.name, intervalSeconds, problem });
  let view: View = firstView;
  let model: Model = describeWaiting(subject());
  let last: Notes | undefined;
  let isReading = false;

  function draw(): void {
    terminal.draw(renderScreen(model, view, terminal.size()));
  }

  async function refresh(): Promise<void> {
    if (view.isPaused || isReading) return;
    isReading = true;
    model = await read();
    isReading = false;
    draw();
  }

  async function read(): Promise<Model> {
    const before = last;
    try {
      last = { samples: await source.read(), atSeconds: now() / 1000 };
      return describeTop(last, before, subject());
    } catch (error) {
      return last
        ? describeTop(last, undefined, subject(messageOf(error)))
        : describeWaiting(subject(messageOf(error)));
    }
  }

  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  function onKey(key: string): void {
    const extent = {
      columns: model.tables.map(({ columns }) => columns.length),
      rows: visibleRows(model, terminal.size()),
    };
    const next = press(view, key, extent);
    if (next === undefined) {
      end();
      return;
    }
    const goesOn = view.isPaused && !next.isPaused;
    view = next;
    if (key === 'ctrl-l') terminal.reset();
    draw();
    if (goesOn) void refresh();
  }

  const terminal = openTerminal({ onKey, onResize: draw, onClosed: end });
  signal.addEventListener('abort', end);
  const timer = setInterval(refresh, intervalSeconds * 1000);
  try {
    draw();
    void refresh();
    await ended;
  } finally {
    clearInterval(timer);
    terminal.close();
    source.stop();
  }
}
