import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Laboratory, withLaboratory } from '../../bench/flows/namespace.ts';
import { scan } from '../../bench/flows/scan.ts';
import { destinationArrivals, estimateArrivals } from '../../src/flows/forecast/arrivals.ts';
import { policyTimeoutsOf } from '../../src/flows/forecast/turnover/custom-timer.ts';
import { followFlows, type Turnover } from '../../src/flows/forecast/turnover/turnover.ts';
import { needs } from '../needs.ts';
import { timeouts } from './simulated-table.ts';

const perSecond = 100;
const intervalSeconds = 3;
const scans = 3;

function setPolicy({ namespace }: Laboratory, seconds: number, sources: string): void {
  const rules = `table ip own_timers {
    ct timeout own { protocol tcp; l3proto ip; policy = { syn_sent : ${seconds} }
    }
    chain out { type filter hook output priority -10; ip saddr ${sources} ct timeout set "own"; }
  }`;
  execFileSync('ip', ['netns', 'exec', basename(namespace), 'nft', rules]);
}

/** New flows of a second, of the table and of their destination, as the last of a few scans shows them, and as were sent. */
async function watchArrivals(laboratory: Laboratory) {
  const { begun } = laboratory.send('syn', [[60, perSecond, perSecond]]);
  while (begun.length === 0) await sleep(10);
  let turnover: Turnover | undefined;
  let seen = { table: Number.NaN, destination: Number.NaN, sent: Number.NaN };
  for (let count = 0; count < scans; count++) {
    await sleep(1000 * intervalSeconds);
    const atSeconds = performance.now() / 1000;
    const policies = policyTimeoutsOf(turnover);
    const { census, sample } = await scan(laboratory.namespace, timeouts, { sampled: turnover?.sample, policies });
    turnover = followFlows(turnover, { atSeconds, census, timeouts, sample, undisturbed: true });
    const [destination] = census.destinations;
    seen = {
      table: estimateArrivals(census, turnover)[0]?.perSecond ?? 0,
      destination: destination ? destinationArrivals(census, destination).perSecond : 0,
      sent: ((begun.at(-1) ?? 0) - (begun.at(-6) ?? 0)) / 5,
    };
  }
  return seen;
}

const options = { ...needs('ip', 'nft', 'root', 'network namespaces', 'nf_tables'), concurrent: true };

describe('arrivals under a timeout policy of a real kernel, of the table and of a destination', options, () => {
  test.each([
    ['below the setting', 20, '0.0.0.0/0'],
    ['above the setting', 300, '0.0.0.0/0'],
    ['for half of the sources', 20, '0.0.0.0/1'],
  ])('%s', async (name, seconds, sources) => {
    await withLaboratory(`policy-${name.replaceAll(' ', '-')}`, async (laboratory) => {
      setPolicy(laboratory, seconds, sources);
      const { table, destination, sent } = await watchArrivals(laboratory);
      // A busy machine sends fewer than it is asked to, and in fits and starts.
      expect(Math.abs(table / sent - 1)).toBeLessThan(0.3);
      expect(Math.abs(destination / sent - 1)).toBeLessThan(0.3);
    });
  });
});
