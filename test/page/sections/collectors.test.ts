import { describe, expect, it } from 'vitest';
import { describeStatus } from '../../../src/page/model/status.ts';
import { collectorsSection } from '../../../src/page/sections/collectors.ts';
import { collectors, series } from '../series.ts';

/** The level and the words for a collector that works and leaves out so many series. */
function stateOf(collector: string, heldBack: number): readonly (string | undefined)[] {
  const samples = [
    ...collectors({ [collector]: 'works' }),
    series('lvs_exporter_series_limited', heldBack, { collector }),
  ];
  const { collectors: read } = describeStatus({ atSeconds: 0, samples }, undefined);
  const { markup = '' } = collectorsSection(read, 0) ?? {};
  return /class="badge (\w+)">.*<\/svg>([^<]+)<\/span>/.exec(markup)?.slice(1) ?? [];
}

describe('collectorsSection()', () => {
  it.each([
    ['ipvs', 'Works, aggregates real servers'],
    ['keepalived-checkers', 'Works, exports only real servers that are down'],
    ['keepalived-dumps', 'Works, exports only the first disagreements'],
    ['another', 'Works, leaves out series'],
  ])('names what is left out: %s', (collector, words) => {
    expect(stateOf(collector, 7)).toEqual(['info', words]);
    expect(stateOf(collector, 0)).toEqual(['good', 'Works']);
  });
});
