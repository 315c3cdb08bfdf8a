import { withAlerting } from '../cluster/alerting.ts';
import type { Scenario } from '../scenario.ts';
import { seeLostAddress, seeQuiet } from './alerts-told.ts';

const seconds = 600;

export const quiet: Scenario = {
  name: 'quiet',
  shows: 'ten minutes of a cluster in order tell nobody anything; a VIP that is lost then does',
  run: (lab) =>
    withAlerting(lab, async (alerting) => {
      await seeQuiet(lab, alerting, seconds);
      await seeLostAddress(lab, alerting);
    }),
};
