import type { Verdict } from '../../src/flows/classification/verdict.ts';
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

/** Who fills the table. The verdicts have their own hysteresis in the exporter. */
export const conntrackDestinationAlerts: RuleGroup = {
  name: 'conntrack-destinations.alerts',
  intervalSeconds: 15,
  rules: [
    verdictAlert('direct_return', {
      alert: 'ConntrackAsymmetricFlows',
      summary: 'Answers of a service pass this stateful hop by, and each of its connections stays in the table.',
      description: `Answers of ${destination} do not come back through ${machine}. Its unreplied flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
    }),
    verdictAlert('syn_flood', {
      alert: 'ConntrackSynFlood',
      summary: 'A SYN flood fills the connection tracking table.',
      description: `${destination} gets a SYN flood through ${machine}. Its flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
    }),
    verdictAlert('unanswered', {
      alert: 'ConntrackUnansweredFlows',
      summary: 'Nothing comes back from a destination, and its flows accumulate in the connection tracking table.',
      description: `Nothing comes back from ${destination} through ${machine}. Its unreplied flows hold {{ $value | humanizePercentage }} of the limit.${owner}`,
    }),
  ],
};

function verdictAlert(verdict: Verdict, texts: Pick<AlertRule, 'alert' | 'summary' | 'description'>): AlertRule {
  return {
    ...texts,
    severity: 'warning',
    expr: `${unrepliedRatio} > ${thresholds.conntrackDestinationShare.warning} and ignoring (verdict) conntrack_destination_verdict{verdict="${verdict}"} == 1`,
    forSeconds: 60,
    keepFiringForSeconds: 600,
  };
}
