import type { Node } from '../cluster/node.ts';
import { formatSeries } from '../cluster/series.ts';

/** The counters of `conntrack -S` that the exporter has under another name. `insert` it does not have: always 0. */
const metricNames: Readonly<Record<string, string>> = {
  clash_resolve: 'clash_resolved',
  chaintoolong: 'chain_too_long',
};

/** What `conntrack -C` and `conntrack -S` report, as the series that the exporter should have. */
export async function readConntrack(node: Node): Promise<Map<string, number>> {
  const series = new Map([[formatSeries({ name: 'conntrack_entries', labels: {} }), await countEntries(node)]]);
  for (const { cpu, counter, value } of await readCounters(node)) {
    const name = `conntrack_${metricNames[counter] ?? counter}_total`;
    if (counter !== 'insert') series.set(formatSeries({ name, labels: { cpu } }), value);
  }
  return series;
}

export async function countEntries(node: Node): Promise<number> {
  return Number(await node.run('conntrack', ['--count']));
}

/** One counter of all CPUs. */
export async function sumCounter(node: Node, name: string): Promise<number> {
  const counters = (await readCounters(node)).filter(({ counter }) => counter === name);
  return counters.reduce((sum, { value }) => sum + value, 0);
}

/** Lines such as `cpu=0   found=0 invalid=48 insert=0 ...`. */
async function readCounters(node: Node): Promise<{ cpu: string; counter: string; value: number }[]> {
  const lines = (await node.run('conntrack', ['--stats'])).trim().split('\n');
  return lines.flatMap((line) => {
    const [[, cpu = ''] = [], ...counters] = line
      .trim()
      .split(/\s+/)
      .map((word) => word.split('='));
    return counters.map(([counter = '', value]) => ({ cpu, counter, value: Number(value) }));
  });
}

/** The TCP entries of one service by state, as `SYN_SENT [UNREPLIED]`. */
export async function countStates(node: Node, address: string, port: number): Promise<Record<string, number>> {
  const filter = ['--proto', 'tcp', '--orig-dst', address, '--orig-port-dst', String(port)];
  const states: Record<string, number> = {};
  for (const { state, replied } of await readTable(node, filter)) {
    const name = replied === 'yes' ? state : `${state} [UNREPLIED]`;
    states[name] = (states[name] ?? 0) + 1;
  }
  return states;
}

/** What `conntrack -L` has of each class of entry, as the series that the exporter should have. */
export async function readCensus(node: Node): Promise<Map<string, number>> {
  const series = new Map<string, number>();
  for (const entry of await readTable(node)) {
    const name = formatSeries({ name: 'conntrack_table_entries', labels: { ...entry } });
    series.set(name, (series.get(name) ?? 0) + 1);
  }
  return series;
}

interface Entry {
  readonly protocol: string;
  readonly state: string;
  readonly replied: 'yes' | 'no';
  readonly assured: 'yes' | 'no';
}

const entryPattern = /^(?<name>\S+) +(?<number>\d+) \d+ (?:(?<state>[A-Z_\d]+) )?src=/;

async function readTable(node: Node, filter: readonly string[] = []): Promise<Entry[]> {
  const lines = (await node.run('conntrack', ['--dump', ...filter])).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { name, number = '', state = '' } = entryPattern.exec(line)?.groups ?? {};
    if (name === undefined) throw new SyntaxError(`Cannot parse line "${line}" of conntrack --dump`);
    return {
      protocol: name === 'unknown' ? number : name,
      state,
      replied: line.includes('[UNREPLIED]') ? 'no' : 'yes',
      assured: line.includes('[ASSURED]') ? 'yes' : 'no',
    };
  });
}
