import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Laboratory, withLaboratory } from '../../bench/flows/namespace.ts';
import { needs } from '../needs.ts';
import { watchArrivals } from './watch-arrivals.ts';

function setPolicy({ namespace }: Laboratory, seconds: number, sources: string): void {
  const rules = `table ip own_timers {
    ct timeout own { protocol tcp; l3proto ip; policy = { syn_sent : ${seconds} }
    }
    chain out { type filter hook output priority -10; ${sources} ct timeout set "own"; }
  }`;
  execFileSync('ip', ['netns', 'exec', basename(namespace), 'nft', rules]);
}

const options = { ...needs('ip', 'nft', 'sysctl', 'root', 'network namespaces', 'nf_tables'), concurrent: true };

describe('arrivals under a timeout policy of a real kernel, of the table and of a destination', options, () => {
  test.each([
    ['below the setting', 20, ''],
    ['above the setting', 300, ''],
    ['for half of the sources', 20, 'ip saddr & 0.0.0.1 == 0.0.0.1'],
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
