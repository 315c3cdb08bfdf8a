import { answeredOnce, leaked, twoWay } from '../../test/flows/traffic.ts';
import type { Stream } from './lanes.ts';
import { before, fromRest, within } from './populations.ts';
import type { Scenario } from './scenario.ts';
import { answered, hour, minute, small, step } from './streams.ts';

/** So many connections that are opened within some seconds, and all closed at one second. */
function closedAt(second: number, flows: number, from: number, seconds: number): Stream[] {
  const parts = 20;
  return Array.from({ length: parts }, (_, part) => {
    const begin = from + (part * seconds) / parts;
    return twoWay(within(flows / parts, begin, seconds / parts), second - Math.round(begin));
  });
}

/** Some last far longer than others, as with any service: so long on average. */
function lasting(flows: number, meanSeconds: number, from: number): Stream[] {
  const parts = 12;
  const perSecond = step(0, flows / parts / (meanSeconds + 2 * minute), from);
  return Array.from({ length: parts }, (_, part) =>
    twoWay(perSecond, Math.round(-meanSeconds * Math.log(1 - (part + 0.5) / parts))),
  );
}

const rest = answered(small, () => 0.1);

/** What operators, jobs and services do to a table that does not fill. */
export const operationScenarios: readonly Scenario[] = [
  {
    name: 'servers stop, 50 % of connections',
    goal: 'silence',
    runs: fromRest(small, 10, (onset) => [rest, ...closedAt(onset, 0.5 * small, before, minute)]),
  },
  {
    name: 'servers start again, 35 % of connections',
    goal: 'silence',
    runs: fromRest(small, 10, (onset) => [
      rest,
      ...closedAt(onset, 0.35 * small, before, minute),
      leaked(within(0.35 * small, onset, 10)),
    ]),
  },
  {
    name: 'job of 45 min each hour, 10 to 75 %',
    goal: 'silence',
    runs: [
      {
        limit: small,
        onset: 0,
        seconds: 5 * hour,
        scrapeSeconds: 15,
        streams: [
          rest,
          ...Array.from({ length: 5 }, (_, run) =>
            closedAt(run * hour + 50 * minute, 0.65 * small, run * hour + minute, 45 * minute),
          ).flat(),
        ],
      },
    ],
  },
  {
    name: 'connections of 10 min begin together, 80 %',
    goal: 'silence',
    runs: fromRest(small, 40, (onset) => lasting(0.8 * small, 10 * minute, onset)).slice(0, 1),
  },
  {
    name: 'DNS amplification, answered, 20 to 70 %',
    goal: 'silence',
    runs: fromRest(small, 10, (onset) => [
      answered(small, () => 0.2),
      answeredOnce((second) => (second < onset ? 0 : (0.5 * small) / 37)),
    ]),
  },
];
