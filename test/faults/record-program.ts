import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { messageOf } from '../../src/host/errors.ts';
import { record } from '../../src/recording/record.ts';
import { openRecording } from '../../src/recording/stored-frames.ts';
import { openWholeMachine } from './whole-machine.ts';

/**
 * Records two moments to file systems that are too small for the second by one page, two pages and so on, and prints
 * what each recording came to. Below the folder that is named; in a mount namespace of its own.
 */
const [folder = ''] = process.argv.slice(2);
const pageBytes = 4096;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const neededBytes = usedBytes(await recordTo(16 * 2 ** 20));
for (let missing = 0; missing < 8; missing++) {
  const directory = mount(neededBytes - missing * pageBytes);
  const problem = await recordMoments(directory).then(() => '', messageOf);
  const moments = await openRecording(directory).then(({ frames }) => frames.length, messageOf);
  process.stdout.write(`${JSON.stringify({ missing, problem, moments })}\n`);
}

async function recordTo(bytes: number): Promise<string> {
  const directory = mount(bytes);
  await recordMoments(directory);
  return directory;
}

function mount(bytes: number): string {
  const directory = join(folder, `${bytes}`);
  mkdirSync(directory);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'tmpfs', directory]);
  return directory;
}

function usedBytes(directory: string): number {
  const { blocks, bfree, bsize } = statfsSync(directory);
  return (blocks - bfree) * bsize;
}

/** The second has a file that the first had otherwise. */
async function recordMoments(directory: string): Promise<void> {
  const machine = await openWholeMachine(Date.now());
  let reading = 0;
  const host = { ...machine, addresses: async () => [{ interface: 'eth0', address: `10.0.0.${reading++}` }] };
  const collectors = createCollectors(defaultSettings);
  const signal = new AbortController().signal;
  const times = { intervalSeconds: 0.11, durationSeconds: 0.2 };
  await record({ host, collectors, directory, ...times, version: '0', log: silent, signal });
}
