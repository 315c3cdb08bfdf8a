import { describe, expect, it } from 'vitest';
import { gaugeMarkup } from '../../../src/page/markup/gauge.ts';

/** What the gauge shows: how much of the bar is used, where the marker is, and the key. */
function lookOf(used: number, settles: number | undefined) {
  const { markup } = gaugeMarkup({ used, settles });
  const [bar = '', key = ''] = markup.split('<ul');
  return {
    used: /class="used"[^>]* width="([^"]+)"/.exec(bar)?.[1],
    marker: /<svg x="([^"]+)"/.exec(bar)?.[1],
    key: [...key.matchAll(/<\/svg>([^<]+)<\/li>/g)].map(([, text]) => text),
  };
}

describe('gaugeMarkup()', () => {
  it('is as long as the limit, whatever the table settles at', () => {
    expect(lookOf(0.46, 0.8)).toEqual({ used: '46.0%', marker: '80.0%', key: ['In use', 'Settles here'] });
    expect(lookOf(0.46, 1.26)).toEqual({ used: '46.0%', marker: '100.0%', key: ['In use', 'Settles beyond'] });
  });

  it('has no marker where that is not known', () => {
    expect(lookOf(0.46, undefined)).toEqual({ used: '46.0%', marker: undefined, key: ['In use'] });
  });

  it('ends with the limit, also for a table that was larger', () => {
    expect(lookOf(1.5, 0.2).used).toBe('100.0%');
  });
});
