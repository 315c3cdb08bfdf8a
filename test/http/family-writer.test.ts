import fc from 'fast-check';
import { Counter, Gauge, Registry, type RegistryContentType } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { formats, render } from '../../src/http/exposition.ts';
import { writeFamily } from '../../src/http/family-writer.ts';
import { listSamples } from '../../src/scrape/columns.ts';
import { counter, gauge, type Metric, type Sample } from '../../src/scrape/metric.ts';
import { anyCharacter } from '../parsers/hostile-input.ts';

/** What prom-client writes when each value is set through its own interface. */
async function writeByPromClient(samples: readonly Sample[], format: keyof typeof formats): Promise<string> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(formats[format]);
  for (const metric of new Set(samples.map((one) => one.metric))) {
    const configuration = { name: metric.name, help: metric.help, labelNames: metric.labels, registers: [registry] };
    const own = samples.filter((one) => one.metric === metric);
    if (metric.type === 'gauge') {
      const family = new Gauge(configuration);
      for (const { labels, value } of own) family.set(labels, value);
    } else {
      const family = new Counter(configuration);
      for (const { labels, value } of own) family.inc(labels, value);
    }
  }
  return await registry.metrics();
}

const text = fc.oneof(fc.string({ unit: anyCharacter }), fc.stringMatching(/^["\\\n{},= #a]*$/));
const number = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.maxSafeNat(), fc.constantFrom(0, -0, 1e21, 1e-7));

/** Of each metric a number of series, some with a `family` and some without one, as those of IPVS. */
function samplesOf(metric: Metric, value: fc.Arbitrary<number>): fc.Arbitrary<Sample[]> {
  const series = fc.tuple(text, fc.boolean(), value);
  return fc.array(series, { maxLength: 40 }).map((all) =>
    all.map(([name, hasFamily, one], index) => ({
      metric,
      value: one,
      labels: hasFamily ? { name, index: String(index), family: 'ipv6' } : { name, index: String(index) },
    })),
  );
}

const labels = ['name', 'index', 'family'] as const;
const helps = ['Plain.', 'Has a \\ and a\nline end and "quotes".'] as const;
const metrics = [
  gauge('lvs_first', helps[0], labels),
  counter('lvs_second_total', helps[1], labels),
  gauge('lvs_third', helps[1], labels),
  counter('lvs_fourth_total', helps[0], labels),
];
const scrape = fc
  .tuple(...metrics.map((metric) => samplesOf(metric, metric.type === 'gauge' ? number : fc.maxSafeNat())))
  .map((groups) => groups.flat());

describe.each(['text', 'openmetrics'] as const)('render() as %s', (format) => {
  it('writes what prom-client writes, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(scrape, async (samples) => {
        expect(await render(samples, format)).toBe(await writeByPromClient(samples, format));
      }),
      { examples: [[[]]] },
    );
  });

  it('writes a large family in parts', async () => {
    const [weight] = metrics;
    if (!weight) throw new Error('no metric');
    const samples = Array.from({ length: 5000 }, (_, index) => ({
      metric: weight,
      labels: { name: 'a"b', index: String(index) },
      value: index / 8,
    }));
    const scratch = { bytes: Buffer.alloc(8) };
    const parts = Array.from(writeFamily({ metric: weight, samples, columns: [] }, format, scratch), (part) =>
      Buffer.from(part),
    );
    expect(parts.length).toBeGreaterThan(4);
    const end = format === 'text' ? '' : '# EOF\n';
    expect(parts.join('') + end).toBe(await writeByPromClient(samples, format));
  });

  it('writes columns as it writes their samples', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, fc.boolean(), number, fc.option(number))), async (all) => {
        const rows = all.map(([name, hasFamily], index) =>
          hasFamily ? { name, index: String(index), family: 'ipv6' } : { name, index: String(index) },
        );
        const [first, , third] = metrics;
        if (!first || !third) throw new Error('no metrics');
        const columns = [
          { metric: first, values: Float64Array.from(all, ([, , value]) => value) },
          { metric: third, values: Float64Array.from(all, ([, , , value]) => value ?? Number.NaN) },
        ].filter(({ values }) => values.some((value) => !Number.isNaN(value)));
        const parts = [
          { metric: gauge('lvs_other', 'Other.'), labels: {}, value: 1 },
          { rows, columns },
        ];
        const written = await render(parts, format);
        expect(written).toBe(await writeByPromClient(listSamples(parts), format));
        // The texts of the rows are known now.
        expect(await render(parts, format)).toBe(written);
      }),
    );
  });

  it('writes large columns in parts', async () => {
    const [weight] = metrics;
    if (!weight) throw new Error('no metric');
    const rows = Array.from({ length: 5000 }, (_, index) => ({ name: 'ü'.repeat(index % 99), index: String(index) }));
    const values = Float64Array.from(rows, (_, index) => (index % 7 === 0 ? Number.NaN : index / 8));
    const parts = [{ rows, columns: [{ metric: weight, values }] }];
    expect(await render(parts, format)).toBe(await writeByPromClient(listSamples(parts), format));
  });

  it('refuses two metrics of one name', async () => {
    const one = { metric: gauge('lvs_first', 'One.'), labels: {}, value: 1 };
    await expect(render([one, { ...one, metric: gauge('lvs_first', 'Other.') }], format)).rejects.toThrow('lvs_first');
  });
});
