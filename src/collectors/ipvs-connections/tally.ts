import type { ConnectionKind, IpVsConnection } from '../../parsers/procfs/ipvs/ip-vs-conn-sync.ts';

/** Entries of the connection table that are alike. */
export interface ConnectionClass extends ConnectionKind {
  readonly entries: number;
}

export interface ConnectionTally {
  add(connection: IpVsConnection): void;
  /** All that were added. */
  entries(): number;
  /** Every known class, so that one without entries is 0 and not absent, and those that were seen in addition. */
  classes(): ConnectionClass[];
}

export function createConnectionTally(): ConnectionTally {
  const tallies = new Map(knownClasses().map((known) => [classKey(known), { ...known, entries: 0 }]));
  let entries = 0;
  return {
    add(connection) {
      entries++;
      const key = classKey(connection);
      const tally = tallies.get(key);
      if (tally) tally.entries++;
      else tallies.set(key, { ...kindOf(connection), entries: 1 });
    },
    entries: () => entries,
    classes: () => [...tallies.values()],
  };
}

function kindOf({ protocol, state, origin, template }: ConnectionKind): ConnectionKind {
  return { protocol, state, origin, template };
}

function classKey({ protocol, state, origin, template }: ConnectionKind): string {
  return `${protocol} ${state} ${origin} ${template}`;
}

/** States by protocol, as the name tables of ip_vs_proto_tcp.c, ip_vs_proto_sctp.c and ip_vs_conn.c have them. */
const connectionStates = {
  tcp: [
    ...['none', 'established', 'syn_sent', 'syn_recv', 'fin_wait', 'time_wait'],
    ...['close', 'close_wait', 'last_ack', 'listen', 'synack'],
  ],
  udp: [''],
  sctp: [
    ...['none', 'init1', 'init', 'c-sent', 'c-replied', 'c-wait', 'cookie', 'c-echoed', 'established'],
    ...['s-sent', 's-received', 's-ack-sent', 'rejected', 'closed'],
  ],
};
const templateStates = {
  tcp: ['none', 'assured'],
  udp: ['none', 'assured'],
  sctp: ['none', 'assured'],
  ip: ['none', 'assured'],
};

function knownClasses(): ConnectionKind[] {
  return [...classesOf(connectionStates, false), ...classesOf(templateStates, true)];
}

function classesOf(states: Readonly<Record<string, readonly string[]>>, template: boolean): ConnectionKind[] {
  const origins = ['local', 'sync'] as const;
  return Object.entries(states).flatMap(([protocol, names]) =>
    names.flatMap((state) => origins.map((origin) => ({ protocol, state, origin, template }))),
  );
}
