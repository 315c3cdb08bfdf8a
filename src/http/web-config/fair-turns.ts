/** What waits for its turn, of one client. */
type Line = (() => Promise<void>)[];

export interface FairTurnsOptions {
  /** Tasks of one client that may wait. */
  readonly maxOfClient: number;
  readonly max: number;
}

/** Runs tasks one after the other: of each client in turn, so that none waits for all that another one asks. */
export interface FairTurns {
  /** Gives whether there is room for the task, which then runs once. */
  add(client: string, task: () => Promise<void>): boolean;
}

/** `rest` comes after each task, which took so many milliseconds. Tasks do not reject. */
export function createFairTurns(
  { maxOfClient, max }: FairTurnsOptions,
  rest: (tookMs: number) => Promise<void>,
): FairTurns {
  /** In the order of their next turns. */
  const lines = new Map<string, Line>();
  let waiting = 0;
  let isRunning = false;

  function takeNext(): (() => Promise<void>) | undefined {
    const [first] = lines;
    if (first === undefined) return undefined;
    const [client, line] = first;
    lines.delete(client);
    if (line.length > 1) lines.set(client, line);
    waiting--;
    return line.shift();
  }

  async function runAll(): Promise<void> {
    isRunning = true;
    for (let task = takeNext(); task !== undefined; task = takeNext()) {
      const started = performance.now();
      await task();
      await rest(performance.now() - started);
    }
    isRunning = false;
  }

  return {
    add(client, task) {
      const line = lines.get(client) ?? [];
      if (line.length >= maxOfClient || waiting >= max) return false;
      line.push(task);
      lines.set(client, line);
      waiting++;
      if (!isRunning) void runAll();
      return true;
    },
  };
}
