import { type Alerting, withAlerting } from '../cluster/alerting.ts';
import { withConfigurationLine } from '../cluster/keepalived.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { seeEvaluated } from './on-call.ts';

/** A scrape, two evaluations, the wait of the rules and that of their end: twice as much. */
const withinSeconds = 300;

/** The pair has 15 minutes to agree, and a day with weights; what it waits for is tested in alerts/tests. */
const hasten = (rules: string) =>
  rules
    .replaceAll('for: 15m', 'for: 1m')
    .replaceAll('keep_firing_for: 5m', 'keep_firing_for: 1m')
    .replaceAll('[2h] offset 1d)', '[5m] offset 30s)');

/** An address that no advertisement names, so that the other director does not refuse them. */
const extraAddress = '10.0.0.104';
const extraServer = '10.0.0.99';

export const ipvsPair: Scenario = {
  name: 'ipvs-pair',
  shows: 'a service, a real server, a weight and an address that one director has are named, until both agree again',
  run: (lab) =>
    withAlerting(
      lab,
      async (alerting) => {
        await seeEvaluated(lab, alerting);
        await seeDifferences(lab, alerting, 'the directors agree at first', []);
        await withDifferences(lab, () =>
          seeDifferences(lab, alerting, 'each difference is named', listDifferences(lab)),
        );
        await seeDifferences(lab, alerting, 'they agree again', []);
      },
      hasten,
    ),
};

async function withDifferences({ node, vip }: Lab, work: () => Promise<void>): Promise<void> {
  const [director1, director2] = [node('director1'), node('director2')];
  const [own, web] = [
    ['-t', `${vip}:81`],
    ['-t', `${vip}:80`],
  ];
  const addressOfOne = `virtual_ipaddress_excluded {\n    ${extraAddress}/32 dev eth0\n  }`;
  await withConfigurationLine(director2, addressOfOne, async () => {
    await director1.run('ipvsadm', ['-A', ...own, '-s', 'rr']);
    await director2.run('ipvsadm', ['-a', ...web, '-r', extraServer, '-g', '-w', '0']);
    await director2.run('ipvsadm', ['-e', ...web, '-r', node('rs1').address, '-g', '-w', '3']);
    try {
      await work();
    } finally {
      await director1.run('ipvsadm', ['-D', ...own]);
      await director2.run('ipvsadm', ['-d', ...web, '-r', extraServer]);
      await director2.run('ipvsadm', ['-e', ...web, '-r', node('rs1').address, '-g', '-w', '1']);
    }
  });
}

/** As the alerts name them. */
function listDifferences({ node, vip }: Lab): string[] {
  const weightOf = (director: string) => `IpvsPairDiffers weight ${director} ${vip}:80 ${node('rs1').address}:80`;
  return [
    `IpvsPairDiffers real server director2 ${vip}:80 ${extraServer}:80`,
    `IpvsPairDiffers service director1 ${vip}:81`,
    weightOf('director1'),
    weightOf('director2'),
    `KeepalivedPairDiffers address director2 ${extraAddress}`,
  ];
}

async function seeDifferences(
  { see }: Lab,
  { prometheus }: Alerting,
  when: string,
  expected: readonly string[],
): Promise<void> {
  await see(
    `${when}: ${expected.length} alerts of the pair fire`,
    async () => {
      const firing = await prometheus.query('ALERTS{alertname=~".+PairDiffers",alertstate="firing"}');
      return firing.map(({ labels }) => nameAlert(labels)).sort();
    },
    (found) => found.join() === expected.join(),
    { withinSeconds },
  );
}

function nameAlert(labels: Readonly<Record<string, string>>): string {
  const { alertname, difference, instance, address = '', port, real_address, real_port } = labels;
  const service = port === undefined ? address : `${address}:${port}`;
  const server = real_address === undefined ? [] : [`${real_address}:${real_port}`];
  return [alertname, difference, instance, service, ...server].join(' ');
}
