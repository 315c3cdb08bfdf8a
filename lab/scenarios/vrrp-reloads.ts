import { findLogged, reloadKeepalived } from '../cluster/keepalived.ts';
import type { Series } from '../cluster/series.ts';
import { seeMaster } from '../cluster/vrrp.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

const reloads = 8;
const inOrder = 'up 1, web 51 master, nothing fails';

export const vrrpReloads: Scenario = {
  name: 'vrrp-reloads',
  shows: 'no scrape while keepalived reloads its configuration lacks an instance, or has it in another state',
  run: async (lab) => {
    const scrapes: string[] = [];
    let isReloading = true;
    const scrape = async () => {
      while (isReloading) scrapes.push(describe(await lab.exporter('director1').metrics()));
    };
    const reloading = reload(lab).finally(() => {
      isReloading = false;
    });
    await Promise.all([reloading, scrape()]);
    await lab.see(
      `${scrapes.length} scrapes meanwhile have it in order`,
      async () => countEach(scrapes),
      (found) => found[inOrder] === scrapes.length,
      { withinSeconds: 0 },
    );
    await seeMaster(lab, 'after the reloads', 'director1');
  },
};

async function reload({ node, see }: Lab): Promise<void> {
  const director1 = node('director1');
  const countReloads = async () => (await findLogged(director1, /Reload complete/g)).length;
  for (let time = 1; time <= reloads; time++) {
    const before = await countReloads();
    await reloadKeepalived(director1);
    await see(
      `director1 has reloaded, ${time}`,
      async () => (await countReloads()) - before,
      (complete) => complete > 0,
    );
  }
}

function describe(series: readonly Series[]): string {
  const value = (wanted: string) => series.find(({ name }) => name === wanted)?.value;
  const states = series.filter(({ name, value }) => name === 'keepalived_vrrp_state' && value === 1);
  const failed = series
    .filter(({ name, value }) => name === 'lvs_exporter_collector_success' && value === 0)
    .flatMap(({ labels: { collector = '' } }) => (collector.startsWith('keepalived') ? `${collector} fails` : []));
  return [
    `up ${value('keepalived_up')}`,
    ...states.map(({ labels }) => `${labels.instance_name} ${labels.vrid} ${labels.state}`),
    failed.join(' and ') || 'nothing fails',
  ].join(', ');
}

function countEach(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}
