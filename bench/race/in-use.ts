import { asked, keptAlive, leaked, twoWay } from '../../test/flows/traffic.ts';
import {
  asAPool,
  batch,
  before,
  benign,
  carrier,
  comingBack,
  forGood,
  fromRest,
  inUse,
  keepalives,
  reused,
  within,
} from './populations.ts';
import type { Scenario } from './scenario.ts';
import { large, small } from './streams.ts';

const benignScenarios: readonly Scenario[] = [
  ...benign('keepalives of several periods and protocols at 65 %', keepalives),
  ...benign('ports used again, at 71 %', (limit) => reused(limit, 0.71)),
  ...benign('carrier NAT, daily from 15 to 65 %', (limit) => carrier(limit, 0.15, 0.65)),
  ...benign('UDP syslog, 2 min of each hour, 60 %', (limit) => [batch(limit, 0.6)]),
  {
    name: 'pool of connections, 40 % in 5 min',
    goal: 'silence',
    runs: fromRest(small, 60, (onset) => [leaked(within(0.4 * small, onset, 300)), ...reused(small, 0.1)]),
  },
  {
    name: 'failover of long-lived connections, 35 to 70 %',
    goal: 'silence',
    runs: fromRest(small, 30, (onset) => [
      leaked(within(0.35 * small, before, 60)),
      leaked(comingBack(0.35 * small, onset, 15)),
    ]),
  },
  {
    name: 'restart of a NAT gateway to 60 %',
    goal: 'silence',
    runs: fromRest(small, 30, (onset) => [
      leaked(comingBack(0.35 * small, onset, 20)),
      keptAlive(comingBack(0.25 * small, onset, 20), 25, forGood),
    ]),
  },
];

const fillingScenarios: readonly Scenario[] = [
  {
    name: 'keepalives at 24 %, joined by 60/s',
    goal: 'page',
    runs: fromRest(small, 10, (onset) => [
      inUse(0.24 * small, 25),
      keptAlive((second) => (second < onset ? 0 : 60), 25, forGood),
    ]).map(asAPool),
  },
  {
    name: 'ports used again at 40 %, and many more clients',
    goal: 'page',
    runs: fromRest(small, 10, (onset) => [
      ...reused(small, 0.4),
      twoWay((second) => ((second < onset ? 0.05 : 0.9) * small) / 125, 3),
    ]),
  },
  {
    name: 'connections that stay, full in 75 s',
    goal: 'page',
    // Three scans must rise before the rise differs from a pool that is built up.
    runs: fromRest(8192, 5, (onset) => [leaked((second) => (second < onset ? 0 : 110))]).map((run) => ({
      ...run,
      leadSeconds: 15,
    })),
  },
  {
    name: 'connections that stay, full in 10 min, sampled',
    goal: 'page',
    runs: fromRest(large, 12, (onset) => [leaked((second) => (second < onset ? 0 : large / 600))]).slice(0, 1),
  },
  {
    name: 'UDP one way, 1.2 times what fits',
    goal: 'page',
    runs: fromRest(small, 5, (onset) => [asked((second) => ((second < onset ? 0.1 : 1.2) * small) / 37)]),
  },
  {
    name: 'restart of a NAT gateway to 130 % in 4 min',
    goal: 'page',
    runs: fromRest(small, 10, (onset) => [
      leaked(within(0.8 * small, onset, 240)),
      keptAlive(within(0.5 * small, onset, 240), 25, forGood),
    ]).map(asAPool),
  },
];

/** Populations that packets keep alive, connections that stay, ports that are used again. */
export const inUseScenarios: readonly Scenario[] = [...benignScenarios, ...fillingScenarios];
