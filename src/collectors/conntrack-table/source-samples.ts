import type { Census } from '../../flows/census/census.ts';
import type { ZonedSource } from '../../flows/census/source-key.ts';
import type { SourceTally } from '../../flows/census/source-tally.ts';
import type { SourceJudgement } from '../../flows/classification/sources.ts';
import { sourceArrivals } from '../../flows/forecast/arrivals.ts';
import type { FindOwner } from '../../openstack/owner.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { targetAddressUnreplied } from './flooded-metrics.ts';
import {
  conntrackSourceInfo,
  scanningEntries,
  sourceArrivalRate,
  sourceDestinations,
  sourceEntries,
  sourceUnreplied,
  sourceVerdict,
} from './metrics.ts';
import { labelsOfOwner } from './owner-labels.ts';

export interface SourceOptions {
  /** Number of sources with series of their own. */
  readonly largest: number;
  /** Whether their addresses may leave this machine: those of clients are personal data. */
  readonly areExported: boolean;
}

export function sampleSources(
  census: Census,
  judged: SourceJudgement['judged'],
  { largest, areExported }: SourceOptions,
  findOwner: FindOwner,
): Sample[] {
  const samples = [
    ...[...census.sources.slice(0, largest), ...(census.network ? [census.network] : [])].flatMap((source) =>
      sampleSource(census, source, findOwner),
    ),
    ...judged.map(({ source, verdict }) => sample(sourceVerdict, 1, { ...labelsOfSource(source), verdict })),
  ];
  return areExported ? samples : samples.map((one) => ({ ...one, isLocal: true }));
}

/** Without addresses, so that an alert can be made from it. */
export function sampleScanning({ sourceScale }: Census, judged: SourceJudgement['judged']): Sample[] {
  const counts = new Map<number, number>();
  const scanning = judged.filter(({ verdict }) => verdict === 'scan');
  for (const { source } of scanning) counts.set(source.zone, (counts.get(source.zone) ?? 0) + source.counted);
  return [...counts].map(([zone, counted]) => sample(scanningEntries, counted * sourceScale, { zone: String(zone) }));
}

/** For who is at this machine: its series would change from one scan to the next. */
export function sampleTargetAddress({ target, scale }: Census): Sample[] {
  return target === undefined
    ? []
    : [{ ...sample(targetAddressUnreplied, target.counted * scale, labelsOfSource(target)), isLocal: true }];
}

function sampleSource(census: Census, source: SourceTally, findOwner: FindOwner): Sample[] {
  const labels = labelsOfSource(source);
  const owner = findOwner(source);
  return [
    sample(sourceEntries, source.counted * census.sourceScale, labels),
    sample(sourceUnreplied, source.unreplied * census.sourceScale, labels),
    sample(sourceArrivalRate, sourceArrivals(census, source).perSecond, labels),
    sample(sourceDestinations, source.destinations, labels),
    ...(owner ? [sample(conntrackSourceInfo, 1, { ...labels, ...labelsOfOwner(owner) })] : []),
  ];
}

export function labelsOfSource({ address, zone }: ZonedSource) {
  return { address, zone: String(zone) };
}
