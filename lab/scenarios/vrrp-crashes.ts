import { type Alerting, withAlerting } from '../cluster/alerting.ts';
import { crashAgainAndAgain, type KeepalivedProcess } from '../cluster/keepalived.ts';
import { seeMaster } from '../cluster/vrrp.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { seeEvaluated, seeNotified } from './on-call.ts';

/** Two scrapes and an evaluation, 15 s each, the 30 s of the rule that waits longest, and the lab's own looking. */
const withinSeconds = 75;

const directors = ['director1', 'director2'] as const;

export const vrrpCrashes: Scenario = {
  name: 'vrrp-crashes',
  shows: 'the VRRP or the checker process of both directors dies every 0.3 s: alerts and pages within a minute',
  run: async (lab) => {
    await seeMaster(lab, 'at first', 'director1');
    await withAlerting(lab, async (alerting) => {
      await seeEvaluated(lab, alerting);
      await seeFiring(lab, alerting, 'checker', []);
      await seeFiring(lab, alerting, 'vrrp', [`KeepalivedNoMaster ${lab.vip}`]);
      await seeNotified(lab, alerting, 'firing', { alertname: 'KeepalivedNoMaster', address: lab.vip });
      for (const instance of directors) {
        await seeNotified(lab, alerting, 'firing', { alertname: 'KeepalivedProcessDown', process: 'vrrp', instance });
      }
    });
    await seeMaster(lab, 'when nothing kills them any more', 'director1');
  },
};

/** Waits until both directors have an alert, whichever of the two is killed first. */
async function seeFiring(
  lab: Lab,
  { prometheus }: Alerting,
  process: KeepalivedProcess,
  others: readonly string[],
): Promise<void> {
  const stops = directors.map((name) => crashAgainAndAgain(lab.node(name), process));
  const wanted = [...directors.map((name) => `KeepalivedProcessDown ${process} ${name}`), ...others];
  const alerts = 'ALERTS{alertstate="firing",alertname=~"KeepalivedProcessDown|KeepalivedNoMaster"}';
  try {
    await lab.see(
      `while the ${process} process of both directors dies again and again, alerts fire: ${wanted.join(', ')}`,
      async () =>
        (await prometheus.query(alerts)).map(({ labels: { alertname, process: which, instance, address } }) =>
          [alertname, which, instance, address].filter(Boolean).join(' '),
        ),
      (found) => wanted.every((one) => found.includes(one)),
      { withinSeconds },
    );
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}
