/** What Grafana puts in place of its variables. */
export interface Setting {
  readonly scrapeSeconds: number;
  readonly rangeSeconds: number;
  /** Values of variables by name, as regular expressions; all of a variable that is not given. */
  readonly picked: Readonly<Record<string, string>>;
}

/** What stands for all values of each variable. */
export const all: Readonly<Record<string, string>> = {
  job: '.+',
  cluster: '.*',
  instance: '.+',
  address: '.*',
  fullest: '.+',
  apart: 'none',
};

/** A PromQL expression, or a title, as Grafana would send or show it. */
export function resolve(text: string, { scrapeSeconds, rangeSeconds, picked }: Setting): string {
  const durations: Readonly<Record<string, string>> = {
    __rate_interval: `${4 * scrapeSeconds}s`,
    __interval: `${scrapeSeconds}s`,
    __range: `${rangeSeconds}s`,
  };
  const values = { ...all, ...durations, ...picked };
  return text.replaceAll(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);
}
