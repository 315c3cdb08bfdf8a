/**
 * A census of a sample beside one of the whole table, of real tables of 10,000 to 1,000,000 entries: how long it takes,
 * how far its share of unreplied flows is off, and whether it ranks the five largest destinations as the whole does.
 */
import process from 'node:process';
import { defaultSettings } from '../src/collectors/index.ts';
import { createCensus } from '../src/flows/census/census.ts';
import { dumpFlows, readTableSize, walkTable } from '../src/netlink/conntrack/ctnetlink.ts';
import { type RaisedTable, withRaisedTable } from './raised-table.ts';

const { sampleEntries } = defaultSettings.table;
const sizes = [10_000, 100_000, 1_000_000];
const rounds = 3;

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Destinations 1 to 20, the first with the most flows; four in five flows are unreplied. */
function describeFlow(index: number): string {
  const destination = Math.min(Math.floor(-Math.log(1 - ((index * 0.618_034) % 1)) * 5) + 1, 20);
  const source = `10.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
  const flags = index % 5 === 0 ? '--state ESTABLISHED -u SEEN_REPLY,ASSURED' : '--state SYN_SENT -u UNSET';
  return `-A -p tcp -s ${source} -d 10.0.0.${destination} --sport 1024 --dport 80 ${flags} -t 100000\n`;
}

function* describeFlows(from: number, to: number): Generator<string> {
  for (let index = from; index < to; index++) yield describeFlow(index);
}

async function takeCensus({ namespace }: RaisedTable, sampled: boolean) {
  const started = performance.now();
  const { entries } = await readTableSize({ namespace });
  if (sampled) await walkTable({ namespace });
  const walked = performance.now();
  const liveCount = sampled ? (await readTableSize({ namespace })).entries : entries;
  const taker = createCensus({ timeouts: new Map(), seed: 1 });
  const reading = await dumpFlows(taker.add, sampled ? { namespace, limit: sampleEntries } : { namespace });
  const census = taker.finish({ count: entries, liveCount, complete: reading.complete }, 100);
  const unreplied = census.classes.reduce((sum, tally) => sum + (tally.replied ? 0 : tally.entries), 0);
  return {
    walkMs: walked - started,
    readMs: performance.now() - walked,
    share: unreplied / census.counted,
    largest: census.destinations
      .slice(0, 5)
      .map(({ address }) => address)
      .join(' '),
  };
}

type Taken = Awaited<ReturnType<typeof takeCensus>>;

function median(taken: readonly Taken[], pick: (one: Taken) => number): number {
  return taken.map(pick).sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? Number.NaN;
}

async function compare(table: RaisedTable, size: number): Promise<void> {
  const [wholes, samples]: [Taken[], Taken[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    wholes.push(await takeCensus(table, false));
    samples.push(await takeCensus(table, true));
  }
  const off = Math.max(...samples.map((one, round) => Math.abs(one.share - (wholes[round]?.share ?? 0))));
  const ranked = samples.every((one, round) => one.largest === wholes[round]?.largest);
  const columns = [
    String(size),
    median(wholes, ({ readMs }) => readMs).toFixed(0),
    median(samples, ({ walkMs }) => walkMs).toFixed(0),
    median(samples, ({ readMs }) => readMs).toFixed(0),
    (off * 100).toFixed(2),
    ranked ? 'yes' : 'no',
  ];
  print(columns.map((column) => column.padStart(10)).join(''));
}

await withRaisedTable(1.1 * Math.max(...sizes), async (table) => {
  await table.run('iptables', '-A', 'INPUT', '-m', 'conntrack', '--ctstate', 'NEW', '-j', 'ACCEPT');
  print(`a sample of ${sampleEntries}, median of ${rounds} rounds in turns`);
  print(['entries', 'whole ms', 'walk ms', 'sample ms', 'off by %', 'top 5'].map((head) => head.padStart(10)).join(''));
  let entries = 0;
  for (const size of sizes) {
    await table.add(describeFlows(entries, size));
    entries = size;
    await compare(table, size);
  }
});
