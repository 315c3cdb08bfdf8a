import { expect, it } from 'vitest';
import { createPageReadings } from '../../src/cli/page-readings.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { createHost } from '../machine.ts';

it('the page takes the readings of a scrape, and never those of the page before', async () => {
  let runs = 0;
  const collect = async () => {
    runs++;
    return [];
  };
  const collector = { name: 'counting', help: '', metrics: [], collect };
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const runner = createRunner({ collectors: [collector], host: createHost({}), log });
  const readForPage = createPageReadings(runner);
  const runsAfter = async (read: () => Promise<unknown>) => {
    await read();
    return runs;
  };
  const scrape = () => runner.collect(1000);
  expect([await runsAfter(readForPage), await runsAfter(readForPage)]).toEqual([1, 2]);
  expect([await runsAfter(scrape), await runsAfter(readForPage), await runsAfter(readForPage)]).toEqual([3, 3, 4]);
});
