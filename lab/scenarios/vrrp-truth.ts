import { findLogged, killKeepalived, startKeepalived } from '../cluster/keepalived.ts';
import { queryOne } from '../cluster/queries.ts';
import { withRareDumps } from '../cluster/rare-dumps.ts';
import {
  listMasters,
  queryAddresses,
  seeMaster,
  seeShared,
  unwatchedAddress,
  withoutAddress,
  withPartition,
} from '../cluster/vrrp.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

const withinSeconds = 60;

export const vrrpTruth: Scenario = {
  name: 'vrrp-truth',
  shows: 'two masters, a VIP without a director, one that a dead keepalived left, and what happens between two dumps',
  run: async (lab) => {
    const addresses = [lab.vip, unwatchedAddress];
    await seeMaster(lab, 'at first', 'director1');
    await seeRemovedByHand(lab);
    await withRareDumps(lab.node('director2'), async () => {
      await seeBlip(lab, addresses);
      await seeKilled(lab, addresses);
    });
  },
};

/** director2 becomes a master, and is none after it. */
async function seeBlip(lab: Lab, addresses: readonly string[]): Promise<void> {
  const { see } = lab;
  const before = await see(
    'the exporter on director2, started again, has asked keepalived for its dumps',
    () => countMasterships(lab),
    // Until then it serves what the exporter before it asked for.
    ({ announced, dumped, dumpedAt, startedAt }) => announced >= 0 && dumped >= 0 && dumpedAt >= startedAt,
    { withinSeconds },
  );
  await seePartition(lab, addresses);
  await see(
    'the notify FIFO of director2 counted the mastership that its log has and no dump shows',
    async () => {
      const after = await countMasterships(lab);
      const rise = (name: keyof typeof after) => after[name] - (before?.[name] ?? Number.NaN);
      return { logged: rise('logged'), announced: rise('announced'), dumped: rise('dumped'), dumps: rise('dumpedAt') };
    },
    ({ logged, announced, dumped, dumps }) => logged === 1 && announced === 1 && dumped === 0 && dumps === 0,
    { withinSeconds },
  );
}

/**
 * How often director2 became master by its log, by the FIFO and by the dump, when that was written, and since when its
 * exporter runs.
 */
async function countMasterships({ exporter, node }: Lab) {
  const series = await exporter('director2').metrics();
  const read = (wanted: string, ...labels: readonly string[]) =>
    series.find(({ name, labels: its }) => name === wanted && labels.every((one) => Object.values(its).includes(one)))
      ?.value ?? Number.NaN;
  return {
    logged: (await findLogged(node('director2'), /\(web\) Entering MASTER STATE/g)).length,
    announced: read('keepalived_vrrp_notifications_total', 'master'),
    dumped: read('keepalived_vrrp_became_master_total', 'web'),
    dumpedAt: read('keepalived_dump_timestamp_seconds', 'data'),
    startedAt: read('process_start_time_seconds'),
  };
}

/** When they hear each other again, one gives way. */
async function seePartition(lab: Lab, addresses: readonly string[]): Promise<void> {
  const masters = ['director1', 'director2'];
  await withPartition(lab, () => seeShared(lab, 'when neither director hears the other', { addresses, masters }));
  await seeMaster(lab, 'when they hear each other again', 'director1');
}

async function seeRemovedByHand(lab: Lab): Promise<void> {
  await withoutAddress(lab.node('director1'), unwatchedAddress, () =>
    lab.see(
      `director1 is master without ${unwatchedAddress}, which was removed by hand and which no director has`,
      async () => ({ masters: await listMasters(lab), ...(await queryAddresses(lab)) }),
      ({ masters, shared, lost, missing }) =>
        masters.join() === 'director1' &&
        shared.length === 0 &&
        [lost, missing].every((found) => found.join() === `${unwatchedAddress} 0`),
      { withinSeconds },
    ),
  );
  await seeMaster(lab, 'when it was put back', 'director1');
}

/** keepalived does not remove the addresses, and director2 takes them. */
async function seeKilled(lab: Lab, addresses: readonly string[]): Promise<void> {
  const { prometheus, node, see } = lab;
  const director1 = node('director1');
  await killKeepalived(director1);
  const masters = ['director2'];
  await seeShared(lab, 'when keepalived of director1 was killed', { addresses, masters });
  await see(
    'keepalived of director1 is down, and its instance in no state',
    async () => ({
      up: await queryOne(prometheus, 'keepalived_up{instance="director1"}'),
      states: await queryOne(prometheus, 'sum(keepalived_vrrp_state{instance="director1"})'),
    }),
    ({ up, states }) => up === 0 && states === 0,
    { withinSeconds },
  );
  startKeepalived(director1);
  await seeMaster(lab, 'when it was started again', 'director1');
}
