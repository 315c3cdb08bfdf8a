/** How many checks of a scenario were seen. The exit status of a program inside does not reach the host: lines do. */
export interface Result {
  readonly name: string;
  readonly seen: number;
  readonly notSeen: number;
}

export function formatResult({ name, seen, notSeen }: Result): string {
  return notSeen === 0
    ? `${name}: all ${seen} checks seen`
    : `${name}: ${notSeen} of ${seen + notSeen} checks NOT SEEN`;
}

/** The result in a line that formatResult() made; undefined for other lines. */
export function parseResult(line: string): Result | undefined {
  const [, name = '', all] = /^([\w-]+): all (\d+) checks seen$/.exec(line) ?? [];
  if (all !== undefined) return { name, seen: Number(all), notSeen: 0 };
  const [, other = '', notSeen, total] = /^([\w-]+): (\d+) of (\d+) checks NOT SEEN$/.exec(line) ?? [];
  if (notSeen === undefined) return undefined;
  return { name: other, seen: Number(total) - Number(notSeen), notSeen: Number(notSeen) };
}

/** Something was to be seen, and was. */
export function isAllSeen(result: Result | undefined): boolean {
  return result !== undefined && result.notSeen === 0 && result.seen > 0;
}
