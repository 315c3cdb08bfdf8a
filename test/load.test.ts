import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labRecordings } from './fixtures.ts';
import { type Program, startCollectingGarbage } from './program.ts';

let program: Program;

beforeAll(async () => {
  program = await startCollectingGarbage(`--replay=${labRecordings}/director1`);
  await program.ready();
});

afterAll(async () => {
  program.process.kill();
  await program.ended;
});

/** The longest time that a scrape waits for its collectors: on a busy machine all of them have ended then. */
const patient = { 'X-Prometheus-Scrape-Timeout-Seconds': '120' };

/** Scrapes `total` times in all from two clients that keep ten scrapes each under way, and gives every answer. */
async function scrape(total: number): Promise<string[]> {
  const answers: string[] = [];
  let left = total;
  const scrapeOn = async () => {
    while (left-- > 0) answers.push(await (await program.get('/metrics', { headers: patient })).text());
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

/** A metric of the process, in megabytes. */
function megabytes(metric: string, text = ''): number {
  return Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1]) / 2 ** 20;
}

/** What is in use: the least of many answers, one of which was given when the garbage had just been collected. */
function heapFloor(answers: readonly string[]): number {
  return Math.min(...answers.map((answer) => megabytes('nodejs_heap_size_used_bytes', answer)));
}

describe('1,000 scrapes, 20 at a time', () => {
  it('lose no series, repeat none, and leave no memory behind', async () => {
    // The last series to come: a second scan confirms the first one's forecast.
    await expect.poll(async () => seriesOf((await scrape(1)).join())).toContain('conntrack_full_in_confirmed_seconds');
    await scrape(500);
    const answers = await scrape(1000);
    const expected = seriesOf(answers[0] ?? '').sort();
    expect(new Set(expected).size).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(100);
    for (const answer of answers) expect(seriesOf(answer).sort()).toEqual(expected);

    const [before, after] = [heapFloor(answers.slice(0, 400)), heapFloor(answers.slice(-400))];
    const resident = megabytes('process_resident_memory_bytes', answers.at(-1));
    process.stdout.write(
      `1000 scrapes of ${expected.length} series: heap ${before.toFixed(1)} MB at first, ${after.toFixed(1)} MB at last, ${resident.toFixed(0)} MB resident\n`,
    );
    // Were each answer kept, it would be 15 MB more. What is collected in time differs by some 2 MB.
    expect(after - before).toBeLessThan(7);
  });
});
