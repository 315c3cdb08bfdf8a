import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createIpvs } from '../../../src/collectors/ipvs/ipvs.ts';
import { createHost } from '../../machine.ts';
import { machine } from '../ipvs-machine.ts';

const services = ['TCP  0A000064:0050 rr  ', 'UDP  0A000064:0050 rr  ', 'FWM  00000001 wrr ', 'FWM  00000002 rr '];
const realServers = ['0A00000B:0050', '0A00000C:0050', '[2001:0db8:0000:0000:0000:0000:0000:0001]:0050'];

/** The row of a real server, or of a service. A table that changes while it is read shows both twice. */
const row = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...services) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...realServers), fc.constantFrom('Route', 'Tunnel', 'Masq'))
      .map(([address, forward]) => `  -> ${address}      ${forward}   1      0          0         `),
  },
);
const table = fc.array(row, { maxLength: 30 }).map((rows) => [services[0], ...rows, ''].join('\n'));

it.each([false, true])('ipvs.collect() gives no series twice, aggregated: %s', async (aggregate) => {
  const ipvs = createIpvs({ maxSeries: 1000, aggregate, upstreamConntrackLimit: undefined });
  await fc.assert(
    fc.asyncProperty(table, async (text) => {
      const series = (await ipvs.collect(createHost(machine(text)))).map(
        ({ metric, labels }) => `${metric.name} ${JSON.stringify(labels)}`,
      );
      expect(series).toEqual([...new Set(series)]);
    }),
  );
});
