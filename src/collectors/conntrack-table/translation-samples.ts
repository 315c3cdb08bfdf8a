import type { TranslationTally } from '../../flows/census/translations.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { translationEntries } from './metrics.ts';

/** Addresses of this host, which a scrape has no use for. */
export function sampleTranslations(tallies: readonly TranslationTally[], scale: number): Sample[] {
  return tallies.flatMap(({ address, counted, unreplied }) =>
    [
      sample(translationEntries, (counted - unreplied) * scale, { address, replied: 'yes' }),
      sample(translationEntries, unreplied * scale, { address, replied: 'no' }),
    ].map((one) => ({ ...one, isLocal: true })),
  );
}
