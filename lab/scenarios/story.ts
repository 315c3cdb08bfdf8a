import { readFile, writeFile } from 'node:fs/promises';
import { culpritsOf } from '../../src/diagnosis/finding.ts';
import { renderReport } from '../../src/diagnosis/report/text.ts';
import { type Alerting, withAlerting } from '../cluster/alerting.ts';
import { blames, type Diagnosis, diagnoseNode, findRemedy, tableFindings, type, undoOf } from '../cluster/diagnosis.ts';
import { repository, storyFile } from '../cluster/folders.ts';
import { withLastingLoad } from '../cluster/lasting-load.ts';
import { sendRequests } from '../cluster/load.ts';
import { withTableSize } from '../cluster/table-size.ts';
import { withVirtualMachine } from '../cluster/virtual-machine.ts';
import type { Lab } from '../lab.ts';
import { countEntries, countStates } from '../referees/conntrack.ts';
import type { Scenario } from '../scenario.ts';
import { listNotified, sampleTable } from './alerts-timeline.ts';
import { seeEvaluated, seeNotified } from './on-call.ts';
import type { Before, Day } from './story-day.ts';
import { renderStory } from './story-text.ts';
import { watch } from './typed-remedy.ts';

/** Would settle at 1.2 times the limit: full after 100 s. See lab/README.md on the buckets. */
const size = { limit: 3000, buckets: 1024 };
const perSecond = 30;
const secondsBefore = 40;
const columns = 100;
/** Longer than `diagnose`, so that the rate is right on a slow machine too. */
const planned = '--duration=15s';

export const story: Scenario = {
  name: 'story',
  shows: 'from the move of a director into a VM to the remedy that works: the content of docs/story.md',
  run: async (lab) => {
    const compute = lab.node('compute');
    await compute.run('conntrack', ['--flush']);
    await withVirtualMachine(lab, () =>
      withAlerting(lab, (alerting) => withTableSize(compute, size, () => live(lab, alerting))),
    );
    await compute.run('conntrack', ['--flush']);
  },
};

async function live(lab: Lab, alerting: Alerting): Promise<void> {
  await seeEvaluated(lab, alerting);
  const before = await seeBefore(lab);
  const movedAt = performance.now();
  let events: Events | undefined;
  const load = await withLastingLoad(lab.node('client'), `http://${lab.vip}/`, perSecond, async () => {
    events = await seeAlarmAndRemedy(lab, alerting);
  });
  await lab.see(
    'no request failed, from the move on',
    async () => load,
    ({ finished, failed }) => finished > 0 && failed === 0,
  );
  if (events === undefined) return;
  await type(lab.node('compute'), undoOf(events.remedy));
  const { version } = JSON.parse(await readFile(`${repository}/package.json`, 'utf8')) as { version: string };
  const day: Day = { ...events, version, limit: size.limit, perSecond, before, movedAt, load };
  await writeFile(storyFile, renderStory(day));
}

/** shelf is a director that is no virtual machine: it plugs into the network itself. */
async function seeBefore({ node, shelf, see }: Lab): Promise<Before> {
  const requests = await sendRequests(node('client'), `http://${shelf.vip}/`, [{ perSecond, seconds: secondsBefore }]);
  const before = {
    ...{ seconds: secondsBefore, finished: requests.finished, failed: requests.failed },
    ...{ entries: await countEntries(node('compute')), realServers: Object.keys(requests.answers).sort() },
  };
  await see(
    'before the move, requests are answered and the table of compute has next to nothing',
    async () => before,
    ({ finished, failed, entries }) => finished > 0 && failed === 0 && entries < size.limit / 20,
  );
  return before;
}

type Events = Omit<Day, 'version' | 'limit' | 'perSecond' | 'before' | 'movedAt' | 'load'>;

async function seeAlarmAndRemedy(lab: Lab, alerting: Alerting): Promise<Events | undefined> {
  let over = () => {};
  const samples = sampleTable(lab, new Promise<void>((resolve) => (over = resolve)));
  try {
    const act = await seeAct(lab, alerting);
    over();
    if (act === undefined) return undefined;
    return { ...act, timeline: [...(await samples), ...listNotified(alerting.notifications)] };
  } finally {
    over();
  }
}

async function seeAct(lab: Lab, alerting: Alerting): Promise<Omit<Events, 'timeline'> | undefined> {
  const { node, vip, see } = lab;
  const compute = node('compute');
  const wanted = { alertname: 'ConntrackTableFullSoon', severity: 'critical', instance: 'compute' };
  const page = await seeNotified(lab, alerting, 'firing', wanted);
  const entriesAtPage = await countEntries(compute);
  const diagnosis = await see(
    'diagnose names the virtual machine, and the commands to type',
    () => diagnoseNode(compute, watch),
    (one) => one.exitCode === 2 && blames(one, vip, 'direct_return') && namesMachine(one),
    { withinSeconds: 60 },
  );
  const remedy = diagnosis && findRemedy(diagnosis, tableFindings, 'notrack-iptables');
  if (page === undefined || diagnosis === undefined || remedy === undefined) return undefined;
  await type(compute, remedy.commands);
  const typedAt = performance.now();
  const planText = await node('director1').run(process.execPath, [`${repository}/dist/main.js`, 'plan', planned]);
  await see(
    'no entry for the VIP is left, and none comes while requests go on',
    () => countStates(compute, vip, 80),
    (states) => Object.keys(states).length === 0,
  );
  const entriesAfter = await countEntries(compute);
  await seeNotified(lab, alerting, 'resolved', wanted);
  const diagnosisText = renderReport(diagnosis.report, { columns, colour: false, verbose: false });
  return { page, entriesAtPage, diagnosisText, remedy, planText, typedAt, entriesAfter };
}

/** As libvirt has it, see virtual-machine.ts. */
function namesMachine({ report }: Diagnosis): boolean {
  const [worst] = report.findings.slice(0, 1).flatMap(culpritsOf);
  return worst?.subject.owner?.vm === 'director-1';
}
