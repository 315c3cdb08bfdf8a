import type { Series } from '../cluster/series.ts';
import type { Lab } from '../lab.ts';

/** Time for keepalived to check twice, every 10 s, and for the exporter to ask it for its dumps. */
export const checkedWithinSeconds = 60;

/** Each by hand, as an administrator who then forgets it. */
export async function seeDisagreements(lab: Lab): Promise<void> {
  const { node, vip } = lab;
  const service = ['-t', `${vip}:80`];
  const [rs1, rs2, tenant] = ['rs1', 'rs2', 'tenant'].map((name) => node(name).address);
  const ipvsadm = (option: string, server: string | undefined, ...words: readonly string[]) =>
    node('director1').run('ipvsadm', [option, ...service, '-r', server ?? '', ...words]);
  await ipvsadm('--add-server', tenant, '-g');
  await seeDisagreement(lab, 'tenant was added by hand', [`${tenant} unmanaged`]);
  await ipvsadm('--delete-server', rs2);
  await ipvsadm('--edit-server', rs1, '-g', '-w', '7');
  await seeDisagreement(lab, 'rs2 was removed and rs1 weighted as well', [
    `${rs1} weight`,
    `${rs2} missing`,
    `${tenant} unmanaged`,
  ]);
  await ipvsadm('--delete-server', tenant);
  await ipvsadm('--add-server', rs2, '-g', '-w', '1');
  await seeDisagreement(lab, 'the first two were put right', [`${rs1} weight`]);
  await ipvsadm('--edit-server', rs1, '-g', '-w', '1');
  await seeDisagreement(lab, 'all were put right', []);
}

async function seeDisagreement(
  { exporter, prometheus, see }: Lab,
  when: string,
  expected: readonly string[],
): Promise<void> {
  const isExpected = (found: readonly string[]) => found.join() === expected.join();
  const describe = ({ labels }: Series) => `${labels.real_address} ${labels.reason}`;
  await see(
    `when ${when}, the exporter names ${expected.join(', ') || 'no server'}`,
    async () => {
      const series = await exporter('director1').metrics();
      return series
        .filter(({ name }) => name === 'keepalived_real_server_disagreement')
        .map(describe)
        .sort();
    },
    isExpected,
    { withinSeconds: checkedWithinSeconds },
  );
  await see(
    'and so does Prometheus, of director1 alone',
    async () => {
      const found = await prometheus.query('keepalived_real_server_disagreement == 1');
      return found.map((one) => `${one.labels.instance} ${describe(one)}`).sort();
    },
    (found) => found.join() === expected.map((one) => `director1 ${one}`).join(),
  );
}
