import { withDatagrams } from '../cluster/datagrams.ts';
import { scrapeFresh } from '../cluster/exporter.ts';
import { withoutIpvs } from '../cluster/ipvs-module.ts';
import { formatSeries } from '../cluster/series.ts';
import type { Lab } from '../lab.ts';
import { seeClusterReady } from '../ready.ts';
import type { Scenario } from '../scenario.ts';
import { perSecond, seeRateOverReset, seeRising, seeSetBack } from './counter-resets.ts';

/** Of a service of shelf that forwards direct. */
const port = 5060;

export const moduleRestart: Scenario = {
  name: 'module-restart',
  shows: 'the series of IPVS go with its module and come with it, and rate() handles counters that start at 0 again',
  run: async (lab) => {
    const { node, shelf } = lab;
    const service = `ipvs_virtual_server_incoming_packets_total{instance="shelf",address="${shelf.vip}",port="${port}"}`;
    const others = ['ipvs', 'ipvs_cpu'].map((prefix) => `${prefix}_incoming_packets_total{instance="shelf"}`);
    await withDatagrams(node('client'), { address: shelf.vip, port, perSecond }, async () => {
      await seeRising(lab, service);
      const startedAt = Date.now();
      await withoutIpvs(lab, () => seeNothing(lab));
      await seeSetBack(lab, service, startedAt);
      for (const counter of [service, ...others]) await seeRateOverReset(lab, counter, startedAt);
    });
    await seeClusterReady(lab);
  },
};

/** Connections are counted on a schedule of their own, and their last count is exported until it is due. */
async function seeNothing({ exporter, prometheus, see }: Lab): Promise<void> {
  await see(
    'without the modules the next scrape has nothing of IPVS, and no collector failed',
    async () => {
      const series = await scrapeFresh(exporter('shelf'));
      return {
        ipvs: series.filter(({ name }) => /^ipvs_(?!connection_)/.test(name)).map(formatSeries),
        failed: series
          .filter(({ name, value }) => name === 'lvs_exporter_collector_success' && value === 0)
          .map(formatSeries),
      };
    },
    ({ ipvs, failed }) => ipvs.length === 0 && failed.length === 0,
    { withinSeconds: 0 },
  );
  await see(
    'and neither has Prometheus',
    async () => (await prometheus.query('ipvs_info{instance="shelf"}')).map(formatSeries),
    (series) => series.length === 0,
  );
}
