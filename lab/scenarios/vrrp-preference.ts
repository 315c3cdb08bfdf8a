import { startKeepalived, stopKeepalived, withConfigurationLine } from '../cluster/keepalived.ts';
import { queryOne } from '../cluster/queries.ts';
import { seeMaster } from '../cluster/vrrp.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

const withinSeconds = 60;

export const vrrpPreference: Scenario = {
  name: 'vrrp-preference',
  shows: 'a script that fails takes the mastership from a director, and nopreempt keeps it with the other',
  run: async (lab) => {
    await seeScriptFail(lab);
    await seeNoPreemption(lab);
    await seeMaster(lab, 'with preemption again', 'director1');
  },
};

async function seeScriptFail(lab: Lab): Promise<void> {
  const director1 = lab.node('director1');
  await director1.run('touch', ['/tmp/unfit']);
  await seeMaster(lab, 'when the script of director1 fails', 'director2');
  await seePriority(lab, 50, 0);
  await director1.run('rm', ['/tmp/unfit']);
  await seeMaster(lab, 'when it works again', 'director1');
  await seePriority(lab, 150, 1);
}

async function seePriority({ prometheus, see }: Lab, effective: number, script: number): Promise<void> {
  const query = (metric: string) => queryOne(prometheus, metric.replace('{', '{instance="director1",'));
  await see(
    `director1 has priority ${effective} of 150 then`,
    async () => ({
      base: await query('keepalived_vrrp_priority{kind="base"}'),
      effective: await query('keepalived_vrrp_priority{kind="effective"}'),
      script: await query('keepalived_script_up{script="fit"}'),
    }),
    (found) => found.base === 150 && found.effective === effective && found.script === script,
    { withinSeconds },
  );
}

async function seeNoPreemption(lab: Lab): Promise<void> {
  const { exporter, node, see } = lab;
  const director1 = node('director1');
  await withConfigurationLine(director1, 'nopreempt', async () => {
    await seeMaster(lab, 'with nopreempt', 'director1');
    await stopKeepalived(director1);
    await seeMaster(lab, 'after director1 was stopped', 'director2');
    startKeepalived(director1);
    await see(
      'director1 is back and does not preempt: it has heard more advertisements than an election takes',
      async () => {
        const series = await exporter('director1').metrics();
        const read = (name: string, state?: string) =>
          series.find((one) => one.name === name && one.labels.state === state)?.value;
        return {
          backup: read('keepalived_vrrp_state', 'backup'),
          advertisements: read('keepalived_vrrp_advertisements_received_total') ?? 0,
        };
      },
      ({ backup, advertisements }) => backup === 1 && advertisements > 5,
      { withinSeconds },
    );
    await seeMaster(lab, 'with director1 back', 'director2');
  });
}
