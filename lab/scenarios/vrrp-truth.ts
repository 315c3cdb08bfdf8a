import { countMastershipsLogged } from '../cluster/keepalived.ts';
import { queryOne } from '../cluster/queries.ts';
import {
  lostAddresses,
  seeMaster,
  seeShared,
  unwatchedAddress,
  withoutAddress,
  withoutAdvertisements,
} from '../cluster/vrrp.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

const withinSeconds = 40;

export const vrrpTruth: Scenario = {
  name: 'vrrp-truth',
  shows: 'two masters, a VIP that nobody has, and what happens between two dumps',
  run: async (lab) => {
    const both = [lab.vip, unwatchedAddress];
    await seeMaster(lab, 'at first', 'director1');
    await seeBlip(lab, both);
    await seeRemovedByHand(lab);
  },
};

/** Each director hears the other no longer; when it does again, one gives way. */
async function seeBlip(lab: Lab, addresses: readonly string[]): Promise<void> {
  const { prometheus, node, see } = lab;
  const director2 = node('director2');
  const count = async () => ({
    logged: await countMastershipsLogged(director2),
    announced: await queryOne(
      prometheus,
      'keepalived_vrrp_notifications_total{instance="director2",instance_name="web",event="master"}',
    ),
  });
  const before = await count();
  await withoutAdvertisements(director2, () => seeShared(lab, 'when director2 hears nothing of director1', addresses));
  await seeMaster(lab, 'when it does again', 'director1');
  await see(
    'its notify FIFO counted the mastership that its log has',
    async () => {
      const { logged, announced } = await count();
      return { logged: logged - before.logged, announced: announced - before.announced };
    },
    ({ logged, announced }) => logged === 1 && announced === 1,
    { withinSeconds },
  );
}

async function seeRemovedByHand(lab: Lab): Promise<void> {
  const { prometheus, node, see } = lab;
  await withoutAddress(node('director1'), unwatchedAddress, () =>
    see(
      `director1 is master without ${unwatchedAddress}, which was removed by hand and nobody has`,
      async () => {
        const [master, lost] = await Promise.all([
          prometheus.query('keepalived_vrrp_state{instance_name="web",state="master"} == 1'),
          prometheus.query(lostAddresses),
        ]);
        return [...master.map(({ labels }) => labels.instance), ...lost.map(({ labels }) => labels.address)];
      },
      (found) => found.join() === `director1,${unwatchedAddress}`,
      { withinSeconds },
    ),
  );
  await seeMaster(lab, 'when it was put back', 'director1');
}
