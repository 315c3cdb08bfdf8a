import { keptAlive, silent, unconfirmed } from '../../test/flows/traffic.ts';
import { asAPool, fromRest, reused } from './populations.ts';
import type { Scenario } from './scenario.ts';
import { answered, small, step } from './streams.ts';

/** From the onset on, so many in the time of a timer. */
const from = (onset: number, flows: number, seconds: number) => step(0, flows / seconds, onset);

/** Tables that states and timers fill which are seldom thought of. */
export const creepingScenarios: readonly Scenario[] = [
  {
    name: 'CLOSE_WAIT for an hour, 1.3 times what fits',
    goal: 'page',
    runs: fromRest(small, 60, (onset) => [
      answered(small, () => 0.1),
      silent(from(onset, 1.2 * small, 3600), 'CLOSE_WAIT', 3600),
    ]).map((run) => asAPool({ ...run, settings: { nf_conntrack_tcp_timeout_close_wait: 3600 } })),
  },
  {
    name: 'clients that never close, timer of 20 min, 1.3 times',
    goal: 'page',
    runs: fromRest(small, 25, (onset) => [
      answered(small, () => 0.1),
      silent(from(onset, 1.2 * small, 1200), 'ESTABLISHED', 1200),
    ]).map((run) => asAPool({ ...run, settings: { nf_conntrack_tcp_timeout_established: 1200 } })),
  },
  {
    name: 'SYN flood that is answered, 1.5 times',
    goal: 'page',
    runs: fromRest(small, 5, (onset) => [answered(small, () => 0.2), unconfirmed(from(onset, 1.5 * small, 67))]),
  },
  {
    name: 'pings that are not answered, timer of 120 s, 1.3 times',
    goal: 'page',
    runs: fromRest(small, 5, (onset) => [
      answered(small, () => 0.2),
      keptAlive(from(onset, 1.1 * small, 127), 1, 0, { timeout: 120, answered: false, protocol: 1 }),
    ]).map((run) => ({ ...run, settings: { nf_conntrack_icmp_timeout: 120 } })),
  },
  {
    name: 'tunnels one way (ESP), full in 6 min',
    goal: 'page',
    runs: fromRest(small, 10, (onset) => [
      ...reused(small, 0.3),
      keptAlive(from(onset, 0.7 * small, 360), 1, 0, { timeout: 600, answered: false, protocol: 50 }),
    ]),
  },
];
