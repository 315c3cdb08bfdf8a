import { startKeepalived, stopKeepalived } from '../cluster/keepalived.ts';
import { sendRequests } from '../cluster/load.ts';
import { seeMaster } from '../cluster/vrrp.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

export const failover: Scenario = {
  name: 'failover',
  shows: 'the VRRP state and the VIPs in Prometheus follow the mastership from one director to the other and back',
  run: async (lab) => {
    const director1 = lab.node('director1');
    await seeMaster(lab, 'at first', 'director1');
    await stopKeepalived(director1);
    await seeMaster(lab, 'after its keepalived was stopped', 'director2');
    await seeService(lab, 'director2');
    startKeepalived(director1);
    await seeMaster(lab, 'after its keepalived was started again', 'director1');
    await seeService(lab, 'director1');
  },
};

async function seeService({ node, vip, see }: Lab, master: string): Promise<void> {
  await see(
    `the VIP answers through ${master}`,
    () => sendRequests(node('client'), `http://${vip}/`, [{ perSecond: 10, seconds: 1 }]),
    ({ finished, failed }) => finished > 0 && failed === 0,
  );
}
