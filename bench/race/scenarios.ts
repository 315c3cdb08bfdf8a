import { leaked } from '../../test/flows/traffic.ts';
import { creepingScenarios } from './creeping.ts';
import { everydayScenarios } from './everyday.ts';
import { inUseScenarios } from './in-use.ts';
import { levelScenarios } from './level.ts';
import { operationScenarios } from './operations.ts';
import { sampledScenarios } from './sampled.ts';
import type { Scenario } from './scenario.ts';
import {
  afterRest,
  answered,
  between,
  daily,
  day,
  directReturn,
  disturbed,
  failover,
  flood,
  hour,
  large,
  minute,
  small,
  step,
  stepTo,
  tiny,
  usual,
  warmUp,
} from './streams.ts';
import { surgeScenarios } from './surges.ts';

export const scenarios: readonly Scenario[] = [
  { name: 'step to 1.2 times what fits', goal: 'page', runs: stepTo(1.2) },
  { name: 'step to 1.5 times', goal: 'page', runs: stepTo(1.5) },
  { name: 'step to 3 times', goal: 'page', runs: stepTo(3) },
  { name: 'step to 1.5 times, a million entries, sampled', goal: 'page', runs: stepTo(1.5, large) },
  {
    name: 'SYN flood of 3,000/s',
    goal: 'page',
    runs: afterRest(usual, (onset) => [answered(usual, () => 0.2), flood(step(0, 3000, onset))]),
  },
  { name: 'failover that doubles 60 %', goal: 'page', runs: failover(small, 0.6) },
  {
    name: 'ramp to 1.2 times in an hour',
    goal: 'page',
    runs: [
      {
        limit: small,
        onset: hour,
        seconds: 2 * hour,
        scrapeSeconds: 15,
        streams: [directReturn(small, between(0.1, 1.2, hour, 2 * hour))],
      },
    ],
  },
  {
    name: 'leak that fills in 64 h',
    goal: 'foretell',
    runs: [
      {
        limit: tiny,
        onset: 12 * hour,
        seconds: 84 * hour,
        scrapeSeconds: 60,
        streams: [
          answered(
            tiny,
            daily(0.05, () => 0.15),
          ),
          // One a second in a table of the usual size.
          leaked(step(0, 1 / 64, 12 * hour)),
        ],
      },
    ],
  },
  {
    name: 'two weeks of growth, peaks from 50 to 110 %',
    goal: 'foretell',
    runs: [
      {
        limit: tiny,
        onset: 0,
        seconds: 14 * day,
        scrapeSeconds: 120,
        streams: [
          directReturn(tiny, daily(0.1, between(0.3, 0.7, 0, 14 * day))),
          answered(tiny, daily(0.1, between(0.2, 0.4, 0, 14 * day))),
        ],
      },
    ],
  },
  {
    name: 'two-way, two days with peaks of 60 %',
    goal: 'silence',
    runs: [
      {
        limit: tiny,
        onset: 0,
        seconds: 2 * day,
        scrapeSeconds: 60,
        streams: [
          answered(
            tiny,
            daily(0.1, () => 0.6),
          ),
        ],
      },
    ],
  },
  {
    name: 'batch each hour, 20 to 63 %',
    goal: 'silence',
    runs: [
      {
        limit: small,
        onset: 0,
        seconds: 6 * hour,
        scrapeSeconds: 15,
        streams: [answered(small, (second) => (second % hour < 20 * minute ? 0.63 : 0.2))],
      },
    ],
  },
  { name: 'step that settles at 80 %', goal: 'silence', runs: stepTo(0.8) },
  { name: 'failover that doubles 40 %', goal: 'silence', runs: failover(small, 0.4) },
  {
    name: 'bursts of 10 s at 1.5 times',
    goal: 'silence',
    runs: [
      {
        limit: small,
        onset: 0,
        seconds: 2 * hour,
        scrapeSeconds: 15,
        streams: [
          answered(small, () => 0.1),
          // The period is no multiple of that of the scans.
          directReturn(small, (second) => (second > 0 && second % 421 < 10 ? 1.5 : 0)),
        ],
      },
    ],
  },
  {
    name: 'table flushed at 60 %',
    goal: 'silence',
    runs: disturbed(0.6, [{ at: warmUp, happen: ({ table }) => table.flush() }]),
  },
  {
    name: 'exporter restarted at 60 %',
    goal: 'silence',
    runs: disturbed(0.6, [
      { at: warmUp, happen: ({ stopExporter }) => stopExporter() },
      { at: warmUp + 20, happen: ({ startExporter }) => startExporter() },
    ]),
  },
  {
    name: 'no scrape for 10 min at 60 %',
    goal: 'silence',
    runs: disturbed(0.6, [
      { at: warmUp, happen: ({ setReachable }) => setReachable(false) },
      { at: warmUp + 10 * minute, happen: ({ setReachable }) => setReachable(true) },
    ]),
  },
  {
    name: 'limit halved at 35 %',
    goal: 'silence',
    runs: disturbed(0.35, [{ at: warmUp, happen: ({ table }) => table.setLimit(table.limit() / 2) }]),
  },
  ...levelScenarios,
  ...inUseScenarios,
  ...everydayScenarios,
  ...operationScenarios,
  ...creepingScenarios,
  ...sampledScenarios,
  ...surgeScenarios,
];

/** Some of them that take seconds. */
export const quickScenarios: readonly Scenario[] = [
  { name: 'step to 1.2 times what fits', goal: 'page', runs: stepTo(1.2, small).slice(0, 1) },
  { name: 'step to 1.5 times', goal: 'page', runs: stepTo(1.5, small).slice(0, 1) },
  { name: 'step to 3 times', goal: 'page', runs: stepTo(3, small).slice(0, 1) },
  { name: 'step that settles at 80 %', goal: 'silence', runs: stepTo(0.8, small).slice(0, 1) },
];
