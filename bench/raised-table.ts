/**
 * A connection tracking table of any size, in a network namespace of its own. nf_conntrack_max, which is the whole
 * kernel's, is raised for it.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

export interface RaisedTable {
  /** A file that stands for the network namespace. */
  readonly namespace: string;
  /** Runs a command in the namespace. Resolves to what it printed. */
  run(command: string, ...words: readonly string[]): Promise<string>;
  /** Adds flows, as `conntrack -R` reads them. */
  add(flows: Iterable<string>): Promise<void>;
}

const limitFile = '/proc/sys/net/netfilter/nf_conntrack_max';
const execute = promisify(execFile);
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What conntrack -R is given at a time. */
const linesAtOnce = 100_000;
const maxOutput = 2 ** 30;

/** Takes it back when `use` has settled, and if a signal ends this process. */
export async function withRaisedTable(limit: number, use: (table: RaisedTable) => Promise<void>): Promise<void> {
  const name = `lvs-bench-${process.pid}`;
  const directory = mkdtempSync(join(tmpdir(), 'lvs-bench-'));
  const before = readFileSync(limitFile, 'utf8').trim();
  const running = new AbortController();
  const takeBack = () => {
    running.abort();
    spawnSync('ip', ['netns', 'delete', name]);
    writeFileSync(limitFile, before);
    rmSync(directory, { recursive: true, force: true });
  };
  const end = (signal: (typeof signals)[number]) => {
    takeBack();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) process.once(signal, end);
  try {
    if (Number(before) !== 0 && Number(before) < limit) writeFileSync(limitFile, String(limit));
    await execute('ip', ['netns', 'add', name]);
    await use(createTable(name, join(directory, 'flows'), running.signal));
  } finally {
    takeBack();
    for (const signal of signals) process.removeListener(signal, end);
  }
}

function createTable(name: string, file: string, signal: AbortSignal): RaisedTable {
  const run: RaisedTable['run'] = async (command, ...words) => {
    const options = { signal, maxBuffer: maxOutput };
    return (await execute('ip', ['netns', 'exec', name, command, ...words], options)).stdout;
  };
  const restore = async (lines: readonly string[]) => {
    writeFileSync(file, lines.join(''));
    await run('conntrack', '-R', file);
  };
  return {
    namespace: `/run/netns/${name}`,
    run,
    async add(flows) {
      let lines: string[] = [];
      for (const flow of flows) {
        lines.push(flow);
        if (lines.length < linesAtOnce) continue;
        await restore(lines);
        lines = [];
      }
      await restore(lines);
    },
  };
}
