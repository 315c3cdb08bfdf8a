import { countMastershipsLogged, reloadKeepalived } from '../cluster/keepalived.ts';
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

const scrapes = 40;
const scrapesPerReload = 5;
const withinSeconds = 40;

export const vrrpTruth: Scenario = {
  name: 'vrrp-truth',
  shows: 'two masters, a VIP that nobody has, what happens between two dumps, and reloads',
  run: async (lab) => {
    const both = [lab.vip, unwatchedAddress];
    await seeMaster(lab, 'at first', 'director1');
    await seeBlip(lab, both);
    await seeRemovedByHand(lab);
    await seeReloads(lab);
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

async function seeReloads(lab: Lab): Promise<void> {
  const { exporter, node, see } = lab;
  const director1 = node('director1');
  const found = new Map<string, number>();
  for (let scrape = 0; scrape < scrapes; scrape++) {
    if (scrape % scrapesPerReload === 0) await reloadKeepalived(director1);
    const series = await exporter('director1').metrics();
    const up = series.find(({ name }) => name === 'keepalived_up')?.value;
    const states = series.filter(({ name }) => name === 'keepalived_vrrp_state');
    const instances = new Set(states.map(({ labels }) => `${labels.instance_name} ${labels.vrid}`));
    const what = `up ${up}, ${[...instances].join(' and ')}`;
    found.set(what, (found.get(what) ?? 0) + 1);
  }
  await see(
    `${scrapes} scrapes of director1 while it was reloaded ${scrapes / scrapesPerReload} times, all with its instance`,
    async () => Object.fromEntries(found),
    (all) => all['up 1, web 51'] === scrapes,
  );
  await seeMaster(lab, 'after the reloads', 'director1');
}
