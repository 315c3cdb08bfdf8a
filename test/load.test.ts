import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labRecordings } from './fixtures.ts';
import { type Program, startProgram } from './program.ts';

let program: Program;

beforeAll(async () => {
  program = await startProgram(`--replay=${labRecordings}/director1`);
  await program.ready();
});

afterAll(async () => {
  program.process.kill();
  await program.ended;
});

/** Scrapes `total` times in all from two clients that keep ten scrapes each under way, and gives every answer. */
async function scrape(total: number, accept: string): Promise<string[]> {
  const answers: string[] = [];
  let left = total;
  const scrapeOn = async () => {
    while (left-- > 0) answers.push(await (await program.get('/metrics', { headers: { accept } })).text());
  };
  await Promise.all(Array.from({ length: 20 }, scrapeOn));
  return answers;
}

function seriesOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .filter((series) => !/^(nodejs|process)_/.test(series));
}

function residentMegabytes(text = ''): number {
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 2 ** 20;
}

describe('1,000 scrapes, 20 at a time', () => {
  it('lose no series, repeat none, and leave no memory behind', async () => {
    const warm = (await scrape(500, 'text/plain')).map(residentMegabytes);
    const answers = await scrape(1000, 'text/plain');
    const expected = seriesOf(answers[0] ?? '').sort();
    expect(new Set(expected).size).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(60);
    for (const answer of answers) expect(seriesOf(answer).sort()).toEqual(expected);

    const [before = 0, after = 0] = [Math.max(...warm), residentMegabytes(answers.at(-1))];
    process.stdout.write(
      `${answers.length} scrapes of ${expected.length} series: ${before.toFixed(0)} MB resident after warm-up, ${after.toFixed(0)} MB after them\n`,
    );
    // The heap may settle a little higher. A leak of one answer per scrape would be 15 MB and more.
    expect(after - before).toBeLessThan(10);
  });
});
