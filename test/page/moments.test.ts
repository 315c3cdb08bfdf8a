import { describe, expect, it } from 'vitest';
import { formatMoments } from '../../src/page/client/moments.ts';

describe('formatMoments()', () => {
  it('has seconds in all of them or in none', () => {
    expect(formatMoments([50, 60, 70], 10)).toEqual(['00:00:50', '00:01:00', '00:01:10']);
    expect(formatMoments([18_000, 18_300], 300)).toEqual(['05:00', '05:05']);
  });
});
