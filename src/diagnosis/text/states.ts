import { describeProtocol } from '../../identity/protocol.ts';
import type { DominantState } from '../table-facts.ts';

/** `half-closed connections (CLOSE_WAIT)`. */
export function nameState({ protocol, state, numbers: { presentEntries, idleEntries = 0 } }: DominantState): string {
  if (state === '') return `${describeProtocol(protocol)} flows`;
  const isIdle = state === 'ESTABLISHED' && idleEntries > presentEntries / 2;
  return `${isIdle ? 'open connections without traffic' : (stateNames[state] ?? 'connections')} (${state})`;
}

const stateNames: Readonly<Record<string, string>> = {
  SYN_SENT: 'connection attempts without a reply',
  SYN_RECV: 'connection attempts that the client did not complete',
  ESTABLISHED: 'open connections',
  FIN_WAIT: 'connections that one side is closing',
  CLOSE_WAIT: 'connections that one side has closed and the other has not',
  LAST_ACK: 'connections that wait for the last acknowledgement',
  TIME_WAIT: 'connections closed by both sides',
  CLOSE: 'connections that were reset',
};
