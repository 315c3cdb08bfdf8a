/**
 * 10,000 readings of the dumps of a real keepalived that writes them all the time, beside as many that take a file as it
 * is at the moment: how many miss an instance or have one with a vrid of 0. Fails when one of the reader's does. Needs root
 * and keepalived, and takes some minutes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { readVrrpDumps } from '../src/collectors/keepalived/reading.ts';
import { createKeepalivedReader } from '../src/keepalived/reader.ts';
import { parseKeepalivedData } from '../src/parsers/keepalived/data.ts';
import { createDirectors, instanceNames } from '../test/keepalived/directors.ts';

const readings = 10_000;
const signals = [10, 12, 36];
const writeMilliseconds = 2;

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Whether all instances are there, each with a vrid. */
function isRight(instances: readonly { readonly name: string; readonly vrid: number | undefined }[]): boolean {
  return (
    instances.map(({ name }) => name).join() === instanceNames.join() && instances.every(({ vrid = 0 }) => vrid > 0)
  );
}

/** What a reader sees that does not look whether keepalived is writing. */
function isRightAsItIs(folder: string): boolean {
  try {
    const text = readFileSync(join(folder, 'keepalived.json'), 'utf8');
    const instances: { data: { iname: string; vrid: number } }[] = JSON.parse(text);
    return isRight(instances.map(({ data }) => ({ name: data.iname, vrid: data.vrid })));
  } catch {
    return false;
  }
}

const directors = await createDirectors();
try {
  const { namespace, folder, pid } = directors.first;
  const { keepalived, requestDumps } = createKeepalivedReader({ procfs: '/proc', networkNamespace: namespace });
  const read = async () => (await keepalived())[0]?.dumps ?? {};
  const isThere = async () => isRight(readVrrpDumps(await read()).instances);
  while (!(await requestDumps().then(isThere, () => false))) await setTimeout(100);
  const writing = setInterval(() => {
    for (const signal of signals) process.kill(pid, signal);
  }, writeMilliseconds);
  const written = new Set<number | undefined>();
  const wrong = { reader: 0, data: 0, asItIs: 0 };
  const started = performance.now();
  for (let reading = 0; reading < readings; reading++) {
    const dumps = await read();
    if (!isRight(readVrrpDumps(dumps).instances)) wrong.reader++;
    if (!isRight(parseKeepalivedData(dumps.data?.text ?? '').instances)) wrong.data++;
    if (!isRightAsItIs(folder)) wrong.asItIs++;
    written.add(dumps.json?.modifiedSeconds);
  }
  clearInterval(writing);
  const seconds = (performance.now() - started) / 1000;
  print(
    `${readings} readings of ${instanceNames.length} instances in ${seconds.toFixed(1)} s, of ${written.size} dumps`,
  );
  print(`the reader: wrong ${wrong.reader}, and of keepalived.data ${wrong.data}`);
  print(`the file as it is at the moment: wrong ${wrong.asItIs}`);
  if (wrong.reader + wrong.data > 0) process.exitCode = 1;
} finally {
  await directors.remove();
}
