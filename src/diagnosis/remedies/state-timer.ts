import { conntrackTimeoutSeconds } from '../../collectors/conntrack-metrics.ts';
import { time } from '../../readings/format.ts';
import { inNamespace } from '../commands/shell.ts';
import { sysctlPlan, timeoutSetting } from '../commands/sysctl.ts';
import { type AnyFound, dominantState } from '../finding.ts';
import type { Plan, RemedyKind, Some } from '../remedy.ts';

interface ShortTimer {
  readonly seconds: number;
  readonly tradeOff: string;
}

/** What is long enough for each state of TCP, and what it costs. */
const shortTimers: Readonly<Record<string, ShortTimer>> = {
  // RFC 5382: at least two hours and four minutes.
  established: {
    seconds: 7440,
    tradeOff:
      'A connection without a packet for longer than this is forgotten: with NAT it then breaks, without NAT its next packet makes a new entry. Keepalives of Linux come every two hours.',
  },
  time_wait: { seconds: 30, tradeOff: 'These connections are closed on both sides.' },
  close_wait: {
    seconds: 60,
    tradeOff: 'One side has closed. If the other sends nothing for this long and then goes on, that is lost with NAT.',
  },
  syn_recv: { seconds: 20, tradeOff: 'A client that completes its handshake later than this is refused.' },
};

/** The timer of the state that holds most of the table. */
export const stateTimer: RemedyKind = {
  docs: 'the-timer-of-a-state',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    const state = stateOf(found)?.toLowerCase() ?? '';
    const short = shortTimers[state];
    const from = readings.value(conntrackTimeoutSeconds, { protocol: 'tcp', state });
    if (short === undefined || from === undefined || from <= short.seconds) return undefined;
    const change = { setting: timeoutSetting('tcp', state), from, to: short.seconds };
    const { commands, ...rest } = sysctlPlan(readings, [change], readings.netns);
    return {
      owner: 'operator',
      title: `Keep ${state.toUpperCase()} connections for ${time(short.seconds)} instead of ${time(from)} after their last packet`,
      commands: state === 'established' ? [...commands, ...shorten(readings.netns, short.seconds)] : commands,
      ...rest,
      tradeOff: `${short.tradeOff} Present entries leave within ${time(state === 'established' ? short.seconds : from)}.`,
      verify: [inNamespace(readings.netns, 'conntrack -C')],
    } satisfies Plan;
  },
};

/** Only a policy of its own makes the state of a destination known otherwise. */
function stateOf(found: AnyFound): string | undefined {
  if (found.id === 'conntrack-dead-connections') return 'ESTABLISHED';
  if (found.id === 'conntrack-answered-syn-flood') return 'SYN_RECV';
  const dominant = dominantState(found);
  // Open connections in use stay, whatever their timer is.
  return dominant?.protocol === 'tcp' && (dominant.state !== 'ESTABLISHED' || hasDead(found))
    ? dominant.state
    : undefined;
}

function hasDead({ details }: AnyFound): boolean {
  return 'culprits' in details && details.culprits.some(({ verdict }) => verdict === 'dead_connections');
}

/** Entries keep the time that they were given with their last packet. The update ends with an error where there is none. */
function shorten(netns: string | undefined, seconds: number): Some<string> {
  const run = (family: string) =>
    `${inNamespace(netns, `conntrack -U -f ${family} -p tcp --state ESTABLISHED -t ${seconds}`)} >/dev/null || true`;
  return [run('ipv4'), run('ipv6')];
}
