import { thresholds } from '../../src/identity/thresholds.ts';
import type { RuleGroup } from './rule.ts';
import { counted, largestHolder, machine, perSecond } from './templates.ts';

const { conntrackUsed: used, conntrackInsertFailed: insertFailed, conntrackEntriesPerBucket: perBucket } = thresholds;

export const conntrackLossRules: RuleGroup = {
  name: 'conntrack-loss.rules',
  intervalSeconds: 15,
  rules: ['early_drop', 'drop', 'chain_too_long', 'insert_failed'].map((counter) => ({
    record: `instance:conntrack_${counter}:rate2m`,
    expr: `sum without (cpu) (rate(conntrack_${counter}_total[2m]))`,
  })),
};

/** What is lost already, and what will be because of how the table is laid out. */
export const conntrackLossAlerts: RuleGroup = {
  name: 'conntrack-loss.alerts',
  intervalSeconds: 15,
  rules: [
    {
      alert: 'ConntrackTableEvicting',
      severity: 'critical',
      expr: 'instance:conntrack_early_drop:rate2m > 0',
      keepFiringForSeconds: 300,
      summary: 'The connection tracking table is full and evicts flows to make room.',
      description:
        `The kernel of ${machine} evicts ${perSecond('flow', 'flows')} from its full connection tracking table. ` +
        `It counts no drops and logs nothing, but each evicted connection can fail.${largestHolder}`,
    },
    {
      alert: 'ConntrackTableDropping',
      severity: 'critical',
      expr: `instance:conntrack_drop:rate2m > 0 and max_over_time(instance:conntrack_entries:limit_ratio[5m]) > ${used.critical}`,
      keepFiringForSeconds: 300,
      summary: 'The connection tracking table is full and the kernel drops packets of new connections.',
      description: `The kernel of ${machine} drops ${perSecond('packet', 'packets')} because its connection tracking table is full: new connections fail.${largestHolder}`,
    },
    {
      alert: 'ConntrackChainTooLong',
      severity: 'critical',
      expr: 'instance:conntrack_chain_too_long:rate2m > 0',
      forSeconds: 60,
      keepFiringForSeconds: 300,
      summary: 'New flows are refused because hash chains of the connection tracking table are too long.',
      description: `The kernel of ${machine} refuses ${perSecond('new flow', 'new flows')} because their hash chains are too long: the table has too few buckets.`,
    },
    {
      alert: 'ConntrackInsertFailing',
      severity: 'warning',
      expr: `instance:conntrack_insert_failed:rate2m > ${insertFailed.warning}`,
      forSeconds: 600,
      keepFiringForSeconds: 600,
      summary: 'The kernel loses new flows on insertion into the connection tracking table.',
      description: `The kernel of ${machine} loses ${perSecond('new flow', 'new flows')} on insertion into the table: these connections fail.`,
    },
    {
      alert: 'ConntrackBucketsTooFew',
      severity: 'warning',
      expr: `conntrack_entries_limit / (conntrack_buckets > 0) > ${perBucket.warning}`,
      forSeconds: 900,
      keepFiringForSeconds: 900,
      summary: 'The limit of the connection tracking table is too large for its number of buckets.',
      description: `${machine} may track ${counted('flow', 'flows')} for each bucket of its table.`,
    },
    {
      alert: 'ConntrackBucketsTooFew',
      severity: 'info',
      expr: `conntrack_entries_limit / (conntrack_buckets > 0) > ${perBucket.info} and group without (cpu) (conntrack_chain_too_long_total)`,
      forSeconds: 900,
      keepFiringForSeconds: 900,
      summary: 'The limit of the connection tracking table is larger than its number of buckets.',
      description: `${machine} may track ${counted('flow', 'flows')} for each bucket of its table. Its kernel refuses flows when hash chains get long.`,
    },
  ],
};
