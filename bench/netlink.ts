/**
 * Measures the reading of a real connection tracking table against `conntrack -L` and against a loop that only receives,
 * and a sample of 20,000 flows at three sizes. As root: `npm run bench -- netlink [ENTRIES]`, a million by default.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { noteMeasurement } from './measurements.ts';
import type { Measured } from './netlink-reader.ts';
import { type RaisedTable, withRaisedTable } from './raised-table.ts';

const rounds = 5;
const [most = '1000000'] = process.argv.slice(2);
const entries = Number(most);
const sizes = [entries / 100, entries / 10, entries];
const unrepliedShare = 0.8;

/** Four in five are one-way TCP, the rest answered TCP and UDP. */
function* describeFlows(from: number, size: number): Generator<string> {
  for (let i = from; i < size; i++) {
    const source = `-s 10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255} --sport ${1024 + ((i * 7) % 60_000)} -t 86400`;
    const kind = i % 10;
    if (kind < 10 * unrepliedShare) yield `-A -p tcp -d 192.0.2.1 --dport 80 ${source} --state SYN_SENT -u UNSET\n`;
    else if (kind === 8)
      yield `-A -p tcp -d 192.0.2.2 --dport 443 ${source} --state ESTABLISHED -u SEEN_REPLY,ASSURED\n`;
    else yield `-A -p udp -d 192.0.2.3 --dport 53 ${source} -u SEEN_REPLY\n`;
  }
}

async function measure(table: RaisedTable, mode: string): Promise<Measured> {
  const reader = fileURLToPath(new URL('netlink-reader.ts', import.meta.url));
  return JSON.parse(await table.run(process.execPath, '--import', 'tsx', reader, mode));
}

async function measureConntrack(table: RaisedTable): Promise<number> {
  const start = performance.now();
  await table.run('sh', '-c', 'conntrack -L >/dev/null 2>&1');
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function print(...columns: readonly (string | number)[]): void {
  const cells = columns.map((column, index) => {
    const text = typeof column === 'number' ? column.toFixed(column < 10 ? 2 : 0) : column;
    return index === 0 ? text.padEnd(34) : text.padStart(15);
  });
  process.stdout.write(`${cells.join('')}\n`);
}

async function compareSamples(table: RaisedTable): Promise<void> {
  print('sample of 20,000', 'ms', 'unreplied', 'true');
  let loaded = 0;
  for (const size of sizes) {
    await table.add(describeFlows(loaded, size));
    loaded = size;
    const samples: Measured[] = [];
    for (let round = 0; round < rounds; round++) samples.push(await measure(table, 'sample'));
    const shares = samples.map(({ unreplied, entries }) => unreplied / entries);
    print(
      `of ${size.toLocaleString('en')}`,
      median(samples.map(({ milliseconds }) => milliseconds)),
      median(shares),
      unrepliedShare,
    );
  }
}

const notedKeys = [
  ['peak MiB', 'rssMebibytes'],
  ['event loop delay p99 ms', 'delay99Milliseconds'],
] as const;

async function compareFullReadings(table: RaisedTable): Promise<void> {
  const scans: Measured[] = [];
  const reads: Measured[] = [];
  const bares: Measured[] = [];
  const lists: number[] = [];
  for (let round = 0; round < rounds; round++) {
    scans.push(await measure(table, 'scan'));
    reads.push(await measure(table, 'read'));
    bares.push(await measure(table, 'bare'));
    lists.push(await measureConntrack(table));
  }
  const bare = median(bares.map(({ milliseconds }) => milliseconds));
  const list = median(lists);
  process.stdout.write('\n');
  print(
    `full reading, median of ${rounds}`,
    'ms',
    '/ bare',
    '/ conntrack',
    'peak RSS MiB',
    'delay p99 ms',
    'delay max ms',
  );
  const printReading = (name: string, all: readonly Measured[]) => {
    const worst = (key: keyof Measured) => Math.max(...all.map((measured) => measured[key]));
    const milliseconds = median(all.map((one) => one.milliseconds));
    const delays = [worst('delay99Milliseconds'), worst('delayMaxMilliseconds')];
    print(name, milliseconds, milliseconds / bare, milliseconds / list, worst('rssMebibytes'), ...delays);
  };
  noteMeasurement(
    `netlink ${entries}: scan / conntrack -L`,
    scans.map(({ milliseconds }, round) => milliseconds / (lists[round] ?? Number.NaN)),
  );
  for (const [name, key] of notedKeys)
    noteMeasurement(
      `netlink ${entries}: ${name} of a scan`,
      scans.map((scan) => scan[key]),
    );
  printReading('scan: read, and take a census', scans);
  printReading('read', reads);
  print(
    'receive and look at nothing',
    bare,
    1,
    bare / list,
    Math.max(...bares.map(({ rssMebibytes }) => rssMebibytes)),
  );
  print('conntrack -L >/dev/null', list, list / bare, 1);
}

await withRaisedTable(2 * entries, async (table) => {
  await compareSamples(table);
  await compareFullReadings(table);
});
