import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'LVS_TEST_ANSWERS';

/** What a run of the tests begins and ends with: the folder of its answers. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-test-answers-'));
  process.env[variable] = folder;
  return () => rmSync(folder, { recursive: true });
}

/** The answer to what many suites ask, each in a process of its own. The first one asks, the others read what it found. */
export function sharedAnswer(question: string, ask: () => string): string {
  const folder = process.env[variable];
  if (folder === undefined) return ask();
  const file = join(folder, encodeURIComponent(question));
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const answer = ask();
    const unfinished = `${file}-${process.pid}`;
    writeFileSync(unfinished, answer);
    renameSync(unfinished, file);
    return answer;
  }
}
