import type { TargetTally } from '../../flows/census/nat/targets.ts';
import type { TranslationTally } from '../../flows/census/nat/translations.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { targetEntries, translationEntries } from './metrics.ts';

/** Addresses of this host, which a scrape has no use for. */
export function sampleTranslations(tallies: readonly TranslationTally[], scale: number): Sample[] {
  return tallies.flatMap(({ address, counted, unreplied }) =>
    [
      sample(translationEntries, (counted - unreplied) * scale, { address, replied: 'yes' }),
      sample(translationEntries, unreplied * scale, { address, replied: 'no' }),
    ].map((one) => ({ ...one, isLocal: true })),
  );
}

export function sampleTargets(tallies: readonly TargetTally[], scale: number): Sample[] {
  return tallies.flatMap(({ address, port, target, counted, unreplied }) => {
    const labels = { address, port: String(port), target };
    return [
      sample(targetEntries, (counted - unreplied) * scale, { ...labels, replied: 'yes' }),
      sample(targetEntries, unreplied * scale, { ...labels, replied: 'no' }),
    ].map((one) => ({ ...one, isLocal: true }));
  });
}
