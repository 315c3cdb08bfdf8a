import { leaked } from '../../test/flows/traffic.ts';
import type { Stream } from './lanes.ts';
import { before, inUse, reused, within } from './populations.ts';
import type { Run, Scenario } from './scenario.ts';
import { answered, daily, day, directReturn, hour, minute, small, tiny, warmUp } from './streams.ts';

/** Expired entries that wait for a scan, at most: a part of the limit. */
const crest = 0.055;

const kinds: Readonly<Record<string, (share: number) => readonly Stream[]>> = {
  TIME_WAIT: (share) => [answered(small, () => share - crest)],
  'one way': (share) => [directReturn(small, () => share - crest)],
  'connections that stay': (share) => [
    leaked(within((share - 0.1) * small, before, minute)),
    answered(small, () => 0.1),
  ],
  keepalives: (share) => [inUse(share * small, 25)],
  'ports used again': (share) => reused(small, share),
};

/** The garbage collector is as quick as scans are, so that the table is level before the first scan as well. */
const level = (streams: readonly Stream[], course: Partial<Run> = {}): readonly Run[] => [
  { limit: small, onset: 0, seconds: hour, scrapeSeconds: 15, gcSeconds: 15, streams, ...course },
];

/** Tables that are nearly full, stay so, and lose nothing. */
export const levelScenarios: readonly Scenario[] = [
  ...Object.entries(kinds).flatMap(([kind, streams]) =>
    [0.9, 0.95, 0.98].map((share): Scenario => {
      return { name: `level at ${100 * share} %, ${kind}`, goal: 'silence', runs: level(streams(share)) };
    }),
  ),
  {
    name: 'level at 95 %, exporter restarted',
    goal: 'silence',
    runs: level([answered(small, () => 0.95 - crest)], {
      events: [
        { at: warmUp, happen: ({ stopExporter }) => stopExporter() },
        { at: warmUp + 40, happen: ({ startExporter }) => startExporter() },
      ],
    }),
  },
  {
    name: 'two-way, three days with peaks of 93 %',
    goal: 'silence',
    runs: level(
      [
        answered(
          tiny,
          daily(0.6, () => 0.88),
        ),
      ],
      { limit: tiny, seconds: 3 * day, scrapeSeconds: 60 },
    ),
  },
];
