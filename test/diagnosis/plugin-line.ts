/**
 * The line of a check plugin, as the guidelines of Nagios plugins have it: `SERVICE STATE: text | performance data`. Throws
 * where a reader of such lines would.
 */
export interface PluginLine {
  readonly state: 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN';
  readonly text: string;
  readonly values: readonly PluginValue[];
}

export interface PluginValue {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly state: 'OK' | 'WARNING' | 'CRITICAL';
}

export function parsePluginLine(output: string): PluginLine {
  const [, line] = /^([^\n\r]+)\n$/.exec(output) ?? [];
  const [, state, text, data = ''] =
    /^\w+ (OK|WARNING|CRITICAL|UNKNOWN): ([^|]*[^| ])(?: \|(.*))?$/.exec(line ?? '') ?? [];
  if (line === undefined || state === undefined || text === undefined) throw new Error(`Not a line: ${output}`);
  return { state: state as PluginLine['state'], text, values: [...readValues(data)] };
}

/** `'label'=value[unit];[warn];[crit];[min];[max]`, with blanks between. */
const datum =
  /^ +('(?:[^'=]|'')+'|[^\s'=]+)=(-?\d+(?:\.\d+)?)(s|us|ms|%|B|KB|MB|TB|c|)(?:;([^\s;]*)(?:;([^\s;]*)(?:;(-?[\d.]*)(?:;(-?[\d.]*))?)?)?)?(?= |$)/;

function* readValues(data: string): Generator<PluginValue> {
  for (let rest = data; rest.trim() !== ''; ) {
    const [whole, label, text, unit, warning = '', critical = '', min = '', max = ''] = datum.exec(rest) ?? [];
    if (whole === undefined || label === undefined || unit === undefined) throw new Error(`Not a value: ${rest}`);
    const value = Number(text);
    if (min !== '' && value < Number(min)) throw new Error(`Below its minimum: ${whole}`);
    if (max !== '' && Number.isNaN(Number(max))) throw new Error(`Not a maximum: ${whole}`);
    const state = isAlarming(critical, value) ? 'CRITICAL' : isAlarming(warning, value) ? 'WARNING' : 'OK';
    yield { label: label.replaceAll(/^'|'$/g, ''), value, unit, state };
    rest = rest.slice(whole.length);
  }
}

/** Of a range `[@][start:][end]`: outside of it, or with `@` inside. Without a start it begins at 0, `~` is minus infinity. */
function isAlarming(range: string, value: number): boolean {
  if (range === '') return false;
  const [, at, start, end] = /^(@?)(?:(~|-?\d+(?:\.\d+)?):)?(-?\d+(?:\.\d+)?)?$/.exec(range) ?? [];
  if (at === undefined || (start === undefined && end === undefined)) throw new Error(`Not a range: ${range}`);
  const from = start === '~' ? Number.NEGATIVE_INFINITY : Number(start ?? 0);
  const to = end === undefined ? Number.POSITIVE_INFINITY : Number(end);
  return (value < from || value > to) !== (at === '@');
}
