import { withAlerting } from '../cluster/alerting.ts';
import type { Scenario } from '../scenario.ts';
import { seeLostAddress, seeQuiet } from './on-call.ts';

const seconds = 600;

export const quiet: Scenario = {
  name: 'quiet',
  shows: 'ten minutes of a healthy cluster send no notification; a VIP that is then lost does',
  run: (lab) =>
    withAlerting(lab, async (alerting) => {
      await seeQuiet(lab, alerting, seconds);
      await seeLostAddress(lab, alerting);
    }),
};
