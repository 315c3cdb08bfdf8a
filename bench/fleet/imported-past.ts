import type { HistorySeries } from './history.ts';

const linesAtOnce = 1000;
const maxAttempts = 5;

/** Gives VictoriaMetrics what it would have scraped until now, all values 1. Returns the number of samples. */
export async function importPast(url: string, all: readonly HistorySeries[]): Promise<number> {
  const times = describeTimes(Math.floor(Date.now() / 1000));
  let samples = 0;
  for (let first = 0; first < all.length; first += linesAtOnce) {
    const lines = all.slice(first, first + linesAtOnce).map(({ series, seconds, everySeconds }) => {
      const { count, text } = times(seconds, everySeconds);
      samples += count;
      return `{"metric":${describeSeries(series)},${text}}`;
    });
    await send(`${url}/api/v1/import`, lines.join('\n'));
  }
  return samples;
}

/** VictoriaMetrics refuses what it cannot store within 30 s, or hangs up, as on a machine that has other work to do. */
async function send(address: string, body: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const refusal = await fetch(address, { method: 'POST', body }).then(
      async (answer) => (answer.ok ? undefined : await answer.text()),
      String,
    );
    if (refusal === undefined) return;
    if (attempt === maxAttempts) throw new Error(`Cannot import: ${refusal}`);
  }
}

interface Times {
  readonly count: number;
  /** The members `values` and `timestamps`. */
  readonly text: string;
}

/** Few different ones, each of them long. */
function describeTimes(endSeconds: number): (seconds: number, everySeconds: number) => Times {
  const known = new Map<string, Times>();
  return (seconds, everySeconds) => {
    const key = `${seconds} ${everySeconds}`;
    const times = known.get(key) ?? writeTimes(endSeconds, Math.floor(seconds / everySeconds), everySeconds);
    known.set(key, times);
    return times;
  };
}

function writeTimes(endSeconds: number, count: number, everySeconds: number): Times {
  const numbers = Array.from({ length: count }, (_, index) => (endSeconds - (count - index) * everySeconds) * 1000);
  return { count, text: `"values":[${numbers.map(() => 1).join()}],"timestamps":[${numbers.join()}]` };
}

/** `metric{label="value"}` as JSON. */
function describeSeries(series: string): string {
  const [name = ''] = series.split('{');
  const labels = [...series.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].map(([, label, value]) => `"${label}":${value}`);
  return `{${[`"__name__":"${name}"`, ...labels].join()}}`;
}
