import {
  firewallQueueDroppedPacketsTotal,
  firewallQueuePacketsTotal,
  firewallQueueRuleInfo,
} from '../../../collectors/firewall/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

type Drops = Found<'packet-queue-drops'>;

/** Rules whose packets no program takes from their queue, or not fast enough. Only known where the rules were read. */
export function queueDrops(readings: Readings): Drops[] {
  const slow = new Map<string, Drops>();
  const abandoned: Drops[] = [];
  for (const { labels } of readings.all(firewallQueueRuleInfo)) {
    const { queues = '', bypass } = labels;
    const numbers = listQueues(queues);
    const isServed = (queue: string) => readings.value(firewallQueueDroppedPacketsTotal, { queue }) !== undefined;
    if (bypass === 'no' && !numbers.every(isServed)) abandoned.push(...findAbandoned(readings, labels));
    // Several rules may use one queue.
    else for (const found of findSlow(readings, labels, numbers.filter(isServed))) slow.set(queues, found);
  }
  return [...abandoned, ...slow.values()];
}

function listQueues(queues: string): string[] {
  const [first = 0, last = first] = queues.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
}

function findAbandoned(readings: Readings, labels: Sample['labels']): Drops[] {
  const place = placeOf(labels);
  const queuedPackets = readings.rise(firewallQueuePacketsTotal, place);
  if (queuedPackets === 0) return [];
  const queuedPerSecond = readings.perSecond(firewallQueuePacketsTotal, place);
  const severity = queuedPackets === undefined ? 'warning' : 'critical';
  return [drops(readings, labels, { severity, hasProgram: false, ...known({ queuedPackets, queuedPerSecond }) })];
}

/** Per second. A burst now and then is no fault. */
const notable = 1;
/** Of the packets that met the rule. */
const most = 0.5;

function findSlow(readings: Readings, labels: Sample['labels'], served: readonly string[]): Drops[] {
  const lost = served.map((queue) => readings.rise(firewallQueueDroppedPacketsTotal, { queue }) ?? 0);
  const lostPerSecond = served.map((queue) => readings.perSecond(firewallQueueDroppedPacketsTotal, { queue }) ?? 0);
  const [queuedPackets, queuedPerSecond] = [sum(lost), sum(lostPerSecond)];
  if (queuedPerSecond < notable) return [];
  const met = readings.rise(firewallQueuePacketsTotal, placeOf(labels)) ?? Number.POSITIVE_INFINITY;
  const severity = queuedPackets >= most * met ? 'critical' : 'warning';
  return [drops(readings, labels, { severity, hasProgram: true, queuedPackets, queuedPerSecond })];
}

function placeOf({ tool = '', chain = '', position = '' }: Sample['labels']) {
  return { tool, chain, position };
}

interface Loss {
  readonly severity: Drops['severity'];
  readonly hasProgram: boolean;
  readonly queuedPackets?: number;
  readonly queuedPerSecond?: number;
}

function drops(readings: Readings, labels: Sample['labels'], { severity, hasProgram, ...numbers }: Loss): Drops {
  const { tool = '', chain = '', position = '', rule = '', queues = '' } = labels;
  return {
    id: 'packet-queue-drops',
    severity,
    subject: namespaceOf(readings),
    numbers,
    details: { chains: [chain], tool, position, rule, queues, hasProgram },
  };
}
