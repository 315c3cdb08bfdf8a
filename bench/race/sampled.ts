import { asked, keptAlive, leaked, twoWay } from '../../test/flows/traffic.ts';
import type { Stream } from './lanes.ts';
import { asAPool, carrier, comingBack, fromRest, inUse, reused, within } from './populations.ts';
import type { Scenario } from './scenario.ts';
import { large, step } from './streams.ts';

const forGood = 1e8;

/** A table of a million, of which 3 % is read at a time. */
function sampled(
  name: string,
  goal: Scenario['goal'],
  minutes: number,
  streams: (onset: number) => readonly Stream[],
): Scenario {
  const runs = fromRest(large, minutes, streams).slice(0, 1);
  return { name: `${name}, a million entries, sampled`, goal, runs: goal === 'page' ? runs.map(asAPool) : runs };
}

/** What a part of a table shows must hold for each kind of traffic. */
export const sampledScenarios: readonly Scenario[] = [
  sampled('keepalives at 60 %', 'silence', 5, () => [inUse(0.6 * large, 25)]),
  sampled('ports used again, at 71 %', 'silence', 5, () => reused(large, 0.71)),
  sampled('pool of connections, 40 % in 5 min', 'silence', 10, (onset) => [
    leaked(within(0.4 * large, onset, 300)),
    ...reused(large, 0.1),
  ]),
  sampled('restart of a NAT gateway to 60 %', 'silence', 10, (onset) => [
    leaked(comingBack(0.35 * large, onset, 20)),
    keptAlive(comingBack(0.25 * large, onset, 20), 25, forGood),
  ]),
  sampled('carrier NAT, 60 %', 'silence', 10, () => carrier(large, 0.6, 0.6)),
  sampled('keepalives at 24 %, joined by 0.2 % each second', 'page', 8, (onset) => [
    inUse(0.24 * large, 25),
    keptAlive(step(0, 0.002 * large, onset), 25, forGood),
  ]),
  sampled('ports used again at 40 %, and many more clients', 'page', 4, (onset) => [
    ...reused(large, 0.4),
    twoWay((second) => ((second < onset ? 0.05 : 0.9) * large) / 125, 3),
  ]),
  sampled('UDP one way, 1.2 times what fits', 'page', 3, (onset) => [
    asked((second) => ((second < onset ? 0.1 : 1.2) * large) / 37),
  ]),
  sampled('restart of a NAT gateway to 130 % in 4 min', 'page', 5, (onset) => [
    leaked(within(0.8 * large, onset, 240)),
    keptAlive(within(0.5 * large, onset, 240), 25, forGood),
  ]),
];
