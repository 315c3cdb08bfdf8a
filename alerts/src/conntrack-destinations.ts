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
const destination = destinationOf('$labels');
/** Of the flows of the sentence before. */
const owner = ownerOf('$labels');

export const conntrackDestinationRules: RuleGroup = {
  name: 'conntrack-destinations.rules',
  intervalSeconds: 15,
  rules: [
    {
      record: unrepliedRatio,
      expr: `conntrack_destination_unreplied_entries{address!="other"} / on (job, instance, netns) group_left () ${limit}`,
    },
  ],
};

type Texts = Pick<AlertRule, 'summary' | 'description'>;
type JudgedFinding = NonNullable<(typeof verdictKinds)[Verdict]['finding']>;

/** The entries that count against a destination, over the limit of its table. */
function heldBy(blamed: VerdictKind['blamed']): string {
  if (blamed !== 'all') return unrepliedRatio;
  return `conntrack_destination_entries{address!="other"} / on (job, instance, netns) group_left () ${limit}`;
}

/** What the alert on each verdict says. A verdict with a finding and without these does not compile. */
const texts: Readonly<Record<JudgedFinding, Texts>> = {
  'conntrack-asymmetric-flows': {
    summary: 'Answers of a service pass this stateful hop by, and each of its connections stays in the table.',
    description: `Answers of ${destination} do not come back through ${machine}. Its unreplied flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
  },
  'conntrack-syn-flood': {
    summary: 'A SYN flood fills the connection tracking table.',
    description: `${destination} gets a SYN flood through ${machine}. Its flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
  },
  'conntrack-unanswered-flows': {
    summary: 'Nothing comes back from a destination, and its flows accumulate in the connection tracking table.',
    description: `Nothing comes back from ${destination} through ${machine}. Its unreplied flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
  },
};

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
      expr: `${heldBy(blamed)} > ${thresholds.conntrackDestinationShare.warning} and ignoring (verdict) conntrack_destination_verdict{verdict="${verdict}"} == 1`,
      forSeconds: 60,
      keepFiringForSeconds: 600,
    },
  ];
}
