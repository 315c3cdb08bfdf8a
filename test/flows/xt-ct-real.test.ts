import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Laboratory, withLaboratory } from '../../bench/flows/namespace.ts';
import { zoneArrivals } from '../../src/flows/forecast/arrivals.ts';
import { needs } from '../needs.ts';
import { watchArrivals } from './watch-arrivals.ts';

const ruled = {
  ...needs('ip', 'nft', 'sysctl', 'iptables', 'nfct', 'root', 'network namespaces', 'nf_tables'),
  concurrent: true,
};

/** What Neutron's agent does for its ports, here for half of the clients. */
function track({ namespace }: Laboratory, ...target: readonly string[]): void {
  const inside = (...command: string[]) => execFileSync('ip', ['netns', 'exec', basename(namespace), ...command]);
  inside('nfct', 'add', 'timeout', 'short', 'inet', 'tcp', 'syn_sent', '20');
  inside('iptables', '-t', 'raw', '-A', 'OUTPUT', '-p', 'tcp', '-s', '0.0.0.1/0.0.0.1', '-j', 'CT', ...target);
}

describe('the target CT of iptables on a real kernel', ruled, () => {
  test.each([
    ['its timers', ['--timeout', 'short']],
    ['its timers in a zone', ['--zone', '7', '--timeout', 'short']],
  ])('arrivals under %s are counted', async (name, target) => {
    await withLaboratory(`xt-${name.replaceAll(' ', '-')}`, async (laboratory) => {
      track(laboratory, ...target);
      const { table, sent } = await watchArrivals(laboratory);
      expect(Math.abs(table / sent - 1)).toBeLessThan(0.3);
    });
  });

  test('its zones are counted one by one', async () => {
    await withLaboratory('xt-zones', async (laboratory) => {
      track(laboratory, '--zone', '7');
      const { census, sent } = await watchArrivals(laboratory);
      const zones = census?.zones ?? [];
      expect(zones.map(({ zone }) => zone).sort()).toEqual([0, 7]);
      for (const one of zones) {
        const { perSecond } = census ? zoneArrivals(census, one) : { perSecond: 0 };
        expect(Math.abs(perSecond / (sent / 2) - 1)).toBeLessThan(0.3);
      }
    });
  });
});
