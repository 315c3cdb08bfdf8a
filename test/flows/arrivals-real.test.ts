import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withLaboratory } from '../../bench/flows/namespace.ts';
import { scan } from '../../bench/flows/scan.ts';
import { destinationArrivals, estimateArrivals } from '../../src/flows/forecast/arrivals.ts';
import { needs } from '../needs.ts';
import { timeouts } from './simulated-table.ts';

const options = needs('ip', 'nft', 'sysctl', 'root', 'network namespaces', 'nf_tables');

test('estimateArrivals() estimates what a real kernel was sent', options, async () => {
  await withLaboratory('test', async ({ namespace, send }) => {
    const { begun } = send('syn', [[30, 300, 300]]);
    while (begun.length < 7) await sleep(10);
    const { census } = await scan(namespace, timeouts);
    // A busy machine sends fewer than it is asked to.
    const sent = ((begun.at(-1) ?? 0) - (begun.at(-6) ?? 0)) / 5;
    const arrivals = estimateArrivals(census);
    expect(arrivals).toEqual([
      { protocol: 'tcp', replied: false, perSecond: expect.any(Number), standardError: expect.any(Number) },
    ]);
    for (const { perSecond } of arrivals) expect(Math.abs(perSecond / sent - 1)).toBeLessThan(0.1);
    const [destination] = census.destinations;
    expect(destination).toMatchObject({ protocol: 'tcp', address: '198.18.0.1', port: 80, zone: 0, oneWay: 0 });
    if (destination) expect(destinationArrivals(census, destination)).toEqual(estimateOf(arrivals[0]));
  });
});

function estimateOf(arrivals: { perSecond: number; standardError: number } | undefined) {
  return { perSecond: arrivals?.perSecond, standardError: arrivals?.standardError };
}
