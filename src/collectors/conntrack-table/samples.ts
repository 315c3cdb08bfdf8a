import { sum } from '../../flows/arithmetic.ts';
import { type Census, shareError } from '../../flows/census/census.ts';
import { classKey, type FlowClass, knownClasses } from '../../flows/classification/flow-class.ts';
import type { JudgedDestination } from '../../flows/classification/judge.ts';
import { verdicts } from '../../flows/classification/verdict-kinds.ts';
import { confirmedSeconds, type TimedForecast } from '../../flows/forecast/agreement.ts';
import { type Arrivals, estimateArrivals } from '../../flows/forecast/arrivals.ts';
import type { Forecast } from '../../flows/forecast/course.ts';
import type { Turnover } from '../../flows/forecast/turnover/turnover.ts';
import { protocolName } from '../../identity/protocol.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { labelsOfDestination, sampleDestinations } from './destination-samples.ts';
import {
  arrivalRate,
  confirmedFullInSeconds,
  destinationVerdict,
  equilibriumEntries,
  expiredEntries,
  fullInSeconds,
  scanDuration,
  scanEntries,
  scanErrorRatio,
  scanSampledRatio,
  scanTimestamp,
  stateIdle,
  stateLongestLeft,
  tableEntries,
} from './metrics.ts';
import { sampleZones } from './zone-samples.ts';

/** All that a census counted, scaled to the table. `largest` destinations have series of their own. */
export function sampleCensus(census: Census, largest: number): Sample[] {
  return [
    ...sampleClasses(census),
    ...sampleStates(census),
    ...sampleDestinations(census, largest),
    ...sampleZones(census),
    ...(census.expired === undefined ? [] : [sample(expiredEntries, census.expired)]),
  ];
}

/** Every known class, so that one without flows is 0 and not absent. */
function sampleClasses({ classes, scale }: Census): Sample[] {
  const all = new Map<string, FlowClass & { entries: number }>();
  for (const known of knownClasses()) all.set(classKey(known), { ...known, entries: 0 });
  for (const tally of classes) all.set(classKey(tally), tally);
  return [...all.values()].map(({ protocol, state, replied, assured, entries: counted }) => {
    const labels = { protocol: protocolName(protocol), state, replied: yesNo(replied), assured: yesNo(assured) };
    return sample(tableEntries, counted * scale, labels);
  });
}

/** What timers of the states do, for who is at this machine. A state without flows has none. */
function sampleStates({ classes, scale }: Census): Sample[] {
  const states = new Map(classes.map(({ protocol, state }) => [`${protocol} ${state}`, { protocol, state }]));
  return [...states.values()].flatMap(({ protocol, state }) => {
    const tallies = classes.filter((one) => one.protocol === protocol && one.state === state);
    const labels = { protocol: protocolName(protocol), state };
    return [
      sample(stateIdle, sum(tallies.map(({ idle }) => idle)) * scale, labels),
      sample(stateLongestLeft, Math.max(...tallies.map(({ longestSeconds }) => longestSeconds)), labels),
    ].map((one) => ({ ...one, isLocal: true }));
  });
}

export function sampleArrivals(census: Census, turnover: Turnover): Sample[] {
  const none = ['tcp', 'udp'].flatMap((protocol) =>
    [false, true].map((replied) => ({ protocol, replied, perSecond: 0 })),
  );
  const all = new Map<string, Pick<Arrivals, 'protocol' | 'replied' | 'perSecond'>>();
  for (const arrivals of [...none, ...estimateArrivals(census, turnover)]) {
    all.set(`${arrivals.protocol} ${arrivals.replied}`, arrivals);
  }
  return [...all.values()].map(({ protocol, replied, perSecond }) =>
    sample(arrivalRate, perSecond, { protocol, replied: yesNo(replied) }),
  );
}

export function sampleForecast(forecast: Forecast, forecasts: readonly TimedForecast[]): Sample[] {
  const confirmed = confirmedSeconds(forecasts);
  return [
    sample(equilibriumEntries, forecast.equilibriumEntries),
    sample(fullInSeconds, forecast.fullInSeconds),
    ...(confirmed === undefined ? [] : [sample(confirmedFullInSeconds, confirmed)]),
  ];
}

export function sampleFindings(findings: readonly JudgedDestination[]): Sample[] {
  return findings.flatMap(({ destination, verdict }) => {
    const labels = labelsOfDestination(destination);
    return verdicts.map((one) => sample(destinationVerdict, one === verdict ? 1 : 0, { ...labels, verdict: one }));
  });
}

export function sampleScan(census: Census, durationSeconds: number, endedSeconds: number): Sample[] {
  return [
    sample(scanEntries, census.counted),
    sample(scanSampledRatio, census.sampledRatio),
    sample(scanErrorRatio, shareError(census, largestErrorShare)),
    sample(scanDuration, durationSeconds),
    sample(scanTimestamp, endedSeconds),
  ];
}

/** The binomial standard error is largest for a half. */
const largestErrorShare = 0.5;

function yesNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no';
}
