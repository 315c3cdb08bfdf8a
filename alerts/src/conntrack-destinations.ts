import { alertName } from '../../src/diagnosis/kinds/index.ts';
import {
  type Verdict,
  type VerdictKind,
  verdictKinds,
  verdicts,
} from '../../src/flows/classification/verdict-kinds.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import type { AlertRule, RuleGroup } from './rule.ts';
import { destinationOf, machine, ownerOf } from './templates.ts';
import { limit } from './vectors.ts';

const unrepliedRatio = 'destination:conntrack_destination_unreplied_entries:limit_ratio';
const entriesRatio = 'destination:conntrack_destination_entries:limit_ratio';
const destination = destinationOf('$labels');
/** Of the flows of the sentence before. */
const owner = ownerOf('$labels');

export const conntrackDestinationRules: RuleGroup = {
  name: 'conntrack-destinations.rules',
  intervalSeconds: 15,
  rules: [
    {
      record: unrepliedRatio,
      expr: `conntrack_destination_unreplied_entries{address!="other"} / on (job, cluster, instance, netns) group_left () ${limit}`,
    },
    {
      record: entriesRatio,
      expr: `conntrack_destination_entries{address!="other"} / on (job, cluster, instance, netns) group_left () ${limit}`,
    },
  ],
};

type Texts = Pick<AlertRule, 'summary' | 'description'>;
type JudgedFinding = NonNullable<(typeof verdictKinds)[Verdict]['finding']>;

/** The entries that count against a destination, over the limit of its table. */
function heldBy(blamed: VerdictKind['blamed']): string {
  return blamed === 'all' ? entriesRatio : unrepliedRatio;
}

/** What the alert on each verdict reports. A verdict with a finding and without these does not compile. */
const texts: Readonly<Record<JudgedFinding, Texts>> = {
  'conntrack-asymmetric-flows': {
    summary:
      'Direct server return: the replies of a service bypass this host, so each connection to it leaves an entry in the table.',
    description: `The replies of ${destination} bypass ${machine} (direct server return). Its unreplied flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
  },
  'conntrack-syn-flood': {
    summary: 'A SYN flood fills the connection tracking table.',
    description: `${destination} receives a SYN flood through ${machine}. Its flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
  },
  'conntrack-answered-syn-flood': {
    summary:
      'A service answers connection attempts that no client completes (SYN flood), and they fill the connection tracking table.',
    description: `${destination} answers a SYN flood through ${machine}. Its flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
  },
  'conntrack-unanswered-nat-flows': {
    summary:
      'No reply comes back from a translated (NAT) destination, and its flows accumulate in the connection tracking table.',
    description: `${destination} is translated (NAT) by ${machine}, and no reply comes back. Its unreplied flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
  },
  'conntrack-dead-connections': {
    summary: 'Dead connections stay in the connection tracking table for days.',
    description: `Most flows to ${destination} through ${machine} had no packet for a day or half of their timeout. They hold {{ $value | humanizePercentage }} of the limit.${owner}`,
  },
  'conntrack-unanswered-flows': {
    summary: 'No reply comes back from a destination, and its flows accumulate in the connection tracking table.',
    description: `No reply from ${destination} comes back through ${machine}. Its unreplied flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
  },
};

/** A pool of idle connections is no fault before it takes up room. */
function minShare(finding: JudgedFinding): number {
  const { conntrackDeadShare: dead, conntrackDestinationShare: other } = thresholds;
  return (finding === 'conntrack-dead-connections' ? dead : other).warning;
}

/** Who fills the table. The verdicts have their own hysteresis in the exporter. */
export const conntrackDestinationAlerts: RuleGroup = {
  name: 'conntrack-destinations.alerts',
  intervalSeconds: 15,
  rules: verdicts.flatMap(verdictAlert),
};

function verdictAlert(verdict: Verdict): AlertRule[] {
  const { finding, blamed } = verdictKinds[verdict];
  if (finding === undefined) return [];
  return [
    {
      alert: alertName(finding),
      ...texts[finding],
      severity: 'warning',
      expr: `${heldBy(blamed)} > ${minShare(finding)} and ignoring (verdict) conntrack_destination_verdict{verdict="${verdict}"} == 1`,
      forSeconds: 60,
      keepFiringForSeconds: 600,
    },
  ];
}
