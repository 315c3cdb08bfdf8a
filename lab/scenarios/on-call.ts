import type { Alerting } from '../cluster/alerting.ts';
import { sendRequests } from '../cluster/load.ts';
import { seeMaster, unwatchedAddress, withoutAddress } from '../cluster/vrrp.ts';
import type { Notification } from '../cluster/webhook.ts';
import type { Lab } from '../lab.ts';

/** Twice the time that a VRRP rule waits for, with scrape and evaluation, because the machine may be busy. */
const withinSeconds = 150;
/** Too few for the thresholds of any rule on shares of the table. */
const lightPerSecond = 3;

/** A healthy cluster under light load: no alert, no notification. */
export async function seeQuiet(lab: Lab, alerting: Alerting, seconds: number): Promise<void> {
  const { node, vip, see } = lab;
  const load = sendRequests(node('client'), `http://${vip}/`, [{ perSecond: lightPerSecond, seconds }]);
  await seeEvaluated(lab, alerting);
  const { finished, failed } = await load;
  await see(
    `in ${seconds} s of a cluster in order, no alert fires and no notification is sent`,
    async () => ({
      ...{ finished, failed },
      firing: await listAlerts(alerting, 'firing', seconds),
      pending: await listAlerts(alerting, 'pending', seconds),
      notifications: alerting.notifications,
    }),
    ({ firing, notifications }) => failed === 0 && firing.length === 0 && notifications.length === 0,
    { withinSeconds: 0 },
  );
}

export async function seeEvaluated({ see }: Lab, { prometheus, checkAlertmanager }: Alerting): Promise<void> {
  await see(
    'Alertmanager is ready, and Prometheus has what the rules record of each VIP and of each table',
    async () => {
      await checkAlertmanager();
      const masters = await prometheus.query('address:keepalived_vrrp_address:masters');
      const tables = await prometheus.query('instance:conntrack_entries:limit_ratio');
      return [...masters.map(({ labels }) => labels.address), ...tables.map(({ labels }) => labels.instance)];
    },
    (found) => found.includes(unwatchedAddress) && found.includes('compute'),
    { withinSeconds: 90 },
  );
}

async function listAlerts({ prometheus }: Alerting, state: string, seconds: number): Promise<string[]> {
  const series = await prometheus.query(`max_over_time(ALERTS{alertstate="${state}"}[${seconds}s])`);
  return series.map(({ labels: { alertname, severity, instance } }) => `${alertname} ${severity} ${instance}`);
}

/** Waits for a notification. Returns the first with these labels. */
export async function seeNotified(
  { see }: Lab,
  { notifications }: Alerting,
  status: Notification['status'],
  wanted: Readonly<Record<string, string>>,
): Promise<Notification | undefined> {
  const isWanted = (one: Notification) =>
    one.status === status && Object.entries(wanted).every(([label, value]) => one.labels[label] === value);
  return see(
    `on-call is notified: ${Object.values(wanted).join(' ')} ${status}`,
    async () => {
      const found = notifications.find(isWanted);
      if (found === undefined) throw new Error(`Not among ${notifications.length} notifications`);
      return found;
    },
    ({ receiver }) => receiver === 'on-call',
    { withinSeconds },
  );
}

/** No director has the address: neither the master nor its backup, which receives the master's advertisements. */
export async function seeLostAddress(lab: Lab, alerting: Alerting): Promise<void> {
  const alertname = 'KeepalivedAddressMisplaced';
  await withoutAddress(lab.node('director1'), unwatchedAddress, () =>
    seeNotified(lab, alerting, 'firing', { alertname, instance: 'director1', address: unwatchedAddress }),
  );
  await seeMaster(lab, 'when it was put back', 'director1');
}
