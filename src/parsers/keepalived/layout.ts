/** How a thing of a dump is written. */
export interface DumpPart {
  /** The fields that are read, and the lists that end one which is read. */
  readonly keys: readonly string[];
  /** Fields that begin such a thing, also without its title. */
  readonly begin?: readonly string[];
  /** Fields that a thing has once: a second one is of another thing, whose title is missing. */
  readonly once?: readonly string[];
  /** Fields that some versions indent like a title. */
  readonly flush?: readonly string[];
  /** The thing whose fields go on below this one: keepalived 1.x prints scripts within instances. */
  readonly within?: string;
}

/** The things that are read of a dump. Everything else in it is without interest. */
export interface Layout {
  /** By title. */
  readonly parts: ReadonlyMap<string, CompiledPart>;
  /** All titles and fields. */
  readonly known: ReadonlySet<string>;
  /** The titles of the things that a field begins. */
  readonly beginners: ReadonlyMap<string, string>;
  /** Matches the character before a title or a field that does not begin its line. */
  readonly merged: RegExp;
  /** Matches a line that is not read. */
  readonly unread: RegExp;
}

interface CompiledPart {
  readonly keys: ReadonlySet<string>;
  readonly once: ReadonlySet<string>;
  readonly within: string | undefined;
}

/** Prepares what is read of a dump, by title. */
export function createLayout(parts: Readonly<Record<string, DumpPart>>): Layout {
  const entries = Object.entries(parts);
  const keys = new Set(entries.flatMap(([, part]) => part.keys));
  const beginners = entries.flatMap(([title, { begin = [] }]) => begin.map((key) => [key, title] as const));
  const flush = entries.flatMap(([, part]) => part.flush ?? []);
  const titles = [...entries.map(([title]) => title), ...beginners.map(([key]) => key), ...flush];
  return {
    parts: new Map(entries.map(([title, part]) => [title, compile(part)])),
    known: new Set([...titles, ...keys]),
    beginners: new Map(beginners),
    merged: matchMerged(titles, [...keys]),
    unread: matchUnread([...titles, ...keys]),
  };
}

function compile({ keys, once = [], within }: DumpPart): CompiledPart {
  return { keys: new Set(keys), once: new Set(once), within };
}

function matchMerged(titles: readonly string[], keys: readonly string[]): RegExp {
  const beginnings = [
    ' *------< ',
    ` (?:${titles.map(escapePattern).join('|')}) = `,
    String.raw` {3}(?:${keys.map(escapePattern).join('|')})(?: = | is |: | ?:\n| \(\d+\):\n|\n)`,
    String.raw` (?:\[[^\]\n]+\]:\S+|FWM \d+) -> \[`,
  ];
  return new RegExp(String.raw`[^ \n](?=${beginnings.join('|')})`, 'g');
}

/** Of a whole dump at once: line by line it takes three times as long, and a large one has 130,000 lines. */
function matchUnread(known: readonly string[]): RegExp {
  const read = [
    String.raw` *------< [^\n]* >------${end}`,
    String.raw` (?! )[^\n]* -> \[[\da-f.:]+\]:\S+${end}`,
    String.raw` *(?:${known.map(escapePattern).join('|')})(?: = |: | is |${end}| ?:${end}| \(\d+\):${end})`,
  ];
  return new RegExp(String.raw`(?<![^\n])(?!${read.join('|')})[^\n]+`, 'g');
}

/** Of a line. `$` also matches before other characters than a line end, which a name may hold. */
const end = String.raw`(?![^\n])`;

function escapePattern(text: string): string {
  return text.replace(/[()]/g, String.raw`\$&`);
}
