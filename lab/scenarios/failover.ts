import { startKeepalived, stopKeepalived } from '../cluster/keepalived.ts';
import { sendRequests } from '../cluster/load.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

/** Time for an election, for the exporter to read keepalived's next dump and for Prometheus to scrape it. */
const withinSeconds = 60;

export const failover: Scenario = {
  name: 'failover',
  shows: 'the VRRP state in Prometheus follows the mastership from one director to the other and back',
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

async function seeMaster({ prometheus, see }: Lab, when: string, master: string): Promise<void> {
  await see(
    `${when}, ${master} is the only master`,
    async () => {
      const masters = await prometheus.query('keepalived_vrrp_state{state="master",instance_name="web"} == 1');
      return masters.map(({ labels }) => labels.instance);
    },
    (masters) => masters.join() === master,
    { withinSeconds },
  );
}

async function seeService({ node, vip, see }: Lab, master: string): Promise<void> {
  await see(
    `the VIP answers through ${master}`,
    () => sendRequests(node('client'), `http://${vip}/`, [{ perSecond: 10, seconds: 1 }]),
    ({ finished, failed }) => finished > 0 && failed === 0,
  );
}
