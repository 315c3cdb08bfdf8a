import { type Alerting, withAlerting } from '../cluster/alerting.ts';
import { sendRequests } from '../cluster/load.ts';
import { withTableSize } from '../cluster/table-size.ts';
import { seeMaster, withPartition } from '../cluster/vrrp.ts';
import type { Notification } from '../cluster/webhook.ts';
import type { Lab } from '../lab.ts';
import { countEntries } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';
import { listNotified, printTimeline, sampleTable, type TimelineEntry } from './alerts-timeline.ts';
import { seeLostAddress, seeNotified, seeQuiet } from './on-call.ts';

const healthySeconds = 45;
/** See lab/README.md on the buckets. */
const size = { limit: 2000, buckets: 512 };
/** Would settle at twice the limit. Ends before the table is full, whose eviction would page on for minutes. */
const load = { perSecond: 30, seconds: 50 };
/**
 * A notification is up to 35 s old (scan and scrape 15 s each, rule and delivery 5 s). The first scan after a step has
 * seen too little of it, so its forecast is too long.
 */
const maxErrorSeconds = 60;
const fullSoon = { alertname: 'ConntrackTableFullSoon', severity: 'critical', instance: 'compute' };

export const alerts: Scenario = {
  name: 'alerts',
  shows: 'as they are in alerts/, rules and Alertmanager page before a table is full, of a lost VIP and of two masters',
  run: async (lab) => {
    const compute = lab.node('compute');
    await compute.run('conntrack', ['--flush']);
    await withAlerting(lab, async (alerting) => {
      await seeQuiet(lab, alerting, healthySeconds);
      await withTableSize(compute, size, () => seeTrouble(lab, alerting));
    });
  },
};

/** The lost VIP meanwhile, which the load does not use; both masters while the first page is not resolved yet. */
async function seeTrouble(lab: Lab, alerting: Alerting): Promise<void> {
  const startedAt = performance.now();
  const [samples] = await Promise.all([loadTable(lab), seeForetold(lab, alerting), seeLostAddress(lab, alerting)]);
  await seeSplitBrain(lab, alerting);
  await seeNotified(lab, alerting, 'resolved', fullSoon);
  printTimeline(lab, startedAt, [...samples, ...listNotified(alerting.notifications)]);
}

/** Flushed afterwards: entries would stay for two minutes and more. */
async function loadTable(lab: Lab): Promise<TimelineEntry[]> {
  const { node, vip } = lab;
  const loaded = sendRequests(node('client'), `http://${vip}/`, [load]);
  const samples = await sampleTable(lab, loaded);
  await node('compute').run('conntrack', ['--flush']);
  return [...samples, { at: performance.now(), text: 'the load is over, the table flushed' }];
}

async function seeForetold(lab: Lab, alerting: Alerting): Promise<void> {
  const page = await seeNotified(lab, alerting, 'firing', fullSoon);
  if (page === undefined) return;
  const entries = await countEntries(lab.node('compute'));
  const leftSeconds = Math.round((size.limit - entries) / load.perSecond);
  await lab.see(
    'the table is not full by then, and the page names the VIP and how much time is left',
    async () => ({ entries, leftSeconds, ...readPage(page, lab.vip) }),
    ({ reportedSeconds, namesVip }) =>
      entries < size.limit && namesVip && Math.abs(reportedSeconds - leftSeconds) <= maxErrorSeconds,
    { withinSeconds: 0 },
  );
}

function readPage({ description }: Notification, vip: string): { reportedSeconds: number; namesVip: boolean } {
  const { minutes = '0', seconds = '' } =
    /full in about (?:(?<minutes>\d+)m )?(?<seconds>[\d.]+)s/.exec(description)?.groups ?? {};
  return {
    reportedSeconds: seconds === '' ? Number.NaN : 60 * Number(minutes) + Number(seconds),
    namesVip: description.includes(`tcp ${vip}:80`),
  };
}

async function seeSplitBrain(lab: Lab, alerting: Alerting): Promise<void> {
  const wanted = { alertname: 'KeepalivedSplitBrain', address: lab.vip };
  await withPartition(lab, () => seeNotified(lab, alerting, 'firing', wanted));
  await seeMaster(lab, 'when they hear each other again', 'director1');
}
