import { upstreamStaySeconds } from '../../src/identity/thresholds.ts';
import { withLastingLoad } from '../cluster/lasting-load.ts';
import { queryOne, queryVerdicts } from '../cluster/queries.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

const [perSecond, twoWayPerSecond] = [40, 10];
/** An entry stays for 120 s, and until the garbage collector comes by: up to 60 s more. */
const [least, most] = [110, 190];

export const verdict: Scenario = {
  name: 'verdict',
  shows:
    'the exporter on compute distinguishes direct server return from two-way traffic, with arrivals and equilibrium',
  run: async (lab) => {
    const [client, tenant] = [lab.node('client'), lab.node('tenant')];
    await withLastingLoad(client, `http://${lab.vip}/`, perSecond, async () => {
      await withLastingLoad(client, `http://${tenant.address}/`, twoWayPerSecond, async () => {
        await seeVerdicts(lab, { [`${lab.vip}:80`]: 'direct_return', [`${tenant.address}:80`]: 'two_way' });
        await seeArrivals(lab);
        await seeEquilibrium(lab);
        await seeUpstreamForecast(lab);
      });
    });
  },
};

async function seeVerdicts({ prometheus, see }: Lab, expected: Readonly<Record<string, string>>): Promise<void> {
  await see(
    'the VIP has the verdict direct_return, the tenant two_way',
    async () => {
      const verdicts = await queryVerdicts(prometheus);
      return Object.fromEntries(Object.entries(verdicts).filter(([destination]) => destination in expected));
    },
    (verdicts) => Object.entries(expected).every(([destination, name]) => verdicts[destination] === name),
    { withinSeconds: 90 },
  );
}

/** The director counts the connections it schedules: a witness from another node and another subsystem. */
async function seeArrivals({ vip, prometheus, see }: Lab): Promise<void> {
  await see(
    'arrivals for the VIP, estimated from a scan on compute, are the connections that the directors schedule',
    async () => {
      const estimate = `conntrack_destination_arrivals_per_second{instance="compute",address="${vip}",port="80"}`;
      return {
        estimated: await queryOne(prometheus, estimate),
        scheduled: await queryOne(prometheus, 'sum(rate(ipvs_connections_total{instance=~"director."}[20s]))'),
      };
    },
    ({ estimated, scheduled }) => isNear(estimated, scheduled),
    { withinSeconds: 60 },
  );
}

function isNear(reported: number, actual: number): boolean {
  return Math.abs(reported / actual - 1) < 0.25;
}

async function seeEquilibrium({ prometheus, see }: Lab): Promise<void> {
  await see(
    'the table is expected to settle where arrivals times their time in the table lead',
    async () => {
      const equilibrium = 'conntrack_equilibrium_entries{instance="compute"}';
      return {
        secondsInTable: await queryOne(
          prometheus,
          `${equilibrium} / on (instance) sum by (instance) (conntrack_arrivals_per_second)`,
        ),
      };
    },
    ({ secondsInTable }) => secondsInTable >= least && secondsInTable <= most,
    { withinSeconds: 60 },
  );
}

/** What a director without access to compute can show of compute's table, by the rules of alerts/. */
async function seeUpstreamForecast({ vip, prometheus, see }: Lab): Promise<void> {
  const service = `instance=~"director.",address="${vip}",port="80"`;
  await see(
    'the directors forecast for the upstream what arrives at compute',
    async () => ({
      forecast: await queryOne(prometheus, `sum(virtual_server:ipvs_past_director_connections:rate1m{${service}})`),
      entries: await queryOne(
        prometheus,
        'sum(instance:ipvs_upstream_conntrack_entries:rate1m{instance=~"director."})',
      ),
      arriving: await queryOne(
        prometheus,
        `conntrack_destination_arrivals_per_second{instance="compute",address="${vip}",port="80"}`,
      ),
    }),
    ({ forecast, entries, arriving }) =>
      isNear(forecast, arriving) && isNear(entries, arriving * upstreamStaySeconds.tcp),
    { withinSeconds: 60 },
  );
}
