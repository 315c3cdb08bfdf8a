/** What the flows of a destination are. */
export interface VerdictKind {
  /** Two or three words, for a badge or a legend. */
  readonly label: string;
  /** Completes "It is ...", with the meaning of every term. */
  readonly meaning: string;
  /** How bad it is in itself, whatever part of the table it holds. Pages and dashboards take the colour from it. */
  readonly severity: 'critical' | 'warning' | 'good';
  /** What to do about it, in a sentence. */
  readonly advice: string;
  /** The advice in a few words, for a column of a table. */
  readonly action: string;
  /**
   * Id of the finding about such a destination, which also gives the alert and its runbook (src/diagnosis/kinds/).
   * Undefined for what needs no action.
   */
  readonly finding: string | undefined;
  /** Which entries of such a destination count as the cause of a full table. */
  readonly blamed: 'unreplied' | 'all';
  /** Whether it stands while scans show one-way flows and do not show what kind. */
  readonly outlastsDoubt: boolean;
}

/**
 * Every verdict, with all that goes with it. The census judges; page, dashboards, findings, alerts and runbooks derive
 * from here.
 */
export const verdictKinds = {
  /** Answered, on a way around this host. */
  direct_return: {
    label: 'Direct server return',
    meaning: 'direct server return: the replies bypass this host, so it sees only one direction of each connection',
    severity: 'warning',
    advice: 'Exempt its packets from connection tracking: the replies bypass this host.',
    action: 'Exempt from tracking',
    finding: 'conntrack-asymmetric-flows',
    blamed: 'unreplied',
    outlastsDoubt: true,
  },
  /** Connection attempts that no client means to use. */
  syn_flood: {
    label: 'SYN flood',
    meaning: 'a SYN flood: connection attempts from forged addresses, none of which is completed',
    severity: 'critical',
    advice: 'Limit new connections upstream of this host; enable SYN cookies on the service.',
    action: 'Limit it upstream',
    finding: 'conntrack-syn-flood',
    blamed: 'unreplied',
    outlastsDoubt: true,
  },
  /** Connection attempts that the server answers and no client completes. */
  answered_syn_flood: {
    label: 'Answered SYN flood',
    meaning: 'an answered SYN flood: the service replies to connection attempts that no client completes',
    severity: 'critical',
    advice: 'Enable SYN cookies on the service; limit new connections upstream of this host.',
    action: 'Enable SYN cookies',
    finding: 'conntrack-answered-syn-flood',
    blamed: 'all',
    outlastsDoubt: false,
  },
  /** No reply, and why cannot be determined or is that nothing answers. */
  unanswered: {
    label: 'Unanswered',
    meaning: 'unanswered: the service does not reply, or its replies bypass this host',
    severity: 'warning',
    advice: 'Check that the service is up, and whether its replies bypass this host.',
    action: 'Check the replies',
    finding: 'conntrack-unanswered-flows',
    blamed: 'unreplied',
    outlastsDoubt: false,
  },
  /** No reply from an address that is translated. Without tracking there is no translation. */
  unanswered_nat: {
    label: 'Unanswered behind NAT',
    meaning: 'unanswered behind NAT: the address is translated here, and no reply comes back',
    severity: 'warning',
    advice: 'Check that the service behind NAT is up. Do not exempt it from connection tracking: NAT needs it.',
    action: 'Check the service',
    finding: 'conntrack-unanswered-nat-flows',
    blamed: 'unreplied',
    outlastsDoubt: false,
  },
  /** Open, and silent for half of a long timer or a day. */
  dead_connections: {
    label: 'Dead connections',
    meaning: 'a set of dead connections: most are open but had no packet for a day, or half of their timeout',
    severity: 'warning',
    advice: 'Shorten the timeout of established connections; find the program that leaves them open.',
    action: 'Shorten the timeout',
    finding: 'conntrack-dead-connections',
    blamed: 'all',
    outlastsDoubt: false,
  },
  /** Answered through this host. */
  two_way: {
    label: 'Two-way',
    meaning: 'ordinary two-way traffic',
    severity: 'good',
    advice: 'No action: this is ordinary traffic.',
    action: 'No action',
    finding: undefined,
    blamed: 'all',
    outlastsDoubt: false,
  },
} as const satisfies Readonly<Record<string, VerdictKind>>;

export type Verdict = keyof typeof verdictKinds;
export const verdicts = Object.keys(verdictKinds) as readonly Verdict[];
