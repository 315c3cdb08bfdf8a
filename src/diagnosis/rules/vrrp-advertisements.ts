import {
  keepalivedVrrpAdvertisementsReceivedTotal,
  keepalivedVrrpBecameMasterTotal,
  keepalivedVrrpErrorsTotal,
} from '../../collectors/keepalived/metrics.ts';
import { count, several } from '../../readings/format.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import { describeInstance, type Instance, listInstances } from '../../readings/vrrp-instances.ts';
import type { Finding } from '../finding.ts';
import { quote } from '../remedies/shell.ts';

/** What is heard of other routers, and should not be, or is refused. */
export function advertisements(readings: Readings): Finding[] {
  return listInstances(readings).flatMap((instance) => [
    ...twoMasters(readings, instance),
    ...refusedAdvertisements(readings, instance),
  ]);
}

/** Only a master advertises. One that hears another, and stays master, is not alone. */
function twoMasters(readings: Readings, instance: Instance): Finding[] {
  const { state, labels } = instance;
  const heard = readings.rise(keepalivedVrrpAdvertisementsReceivedTotal, labels) ?? 0;
  const became = readings.rise(keepalivedVrrpBecameMasterTotal, labels) ?? 0;
  if (state !== 'master' || heard < fewAdvertisements || became > 0) return [];
  return [
    {
      id: 'two-masters',
      subject: instance.name,
      urgency: 'critical',
      title: `The ${describeInstance(instance)} is master and hears another master`,
      evidence: [`${several(heard, 'advertisement')} received since the reading before, as master`],
      consequence: 'Split brain: both have the addresses, and part of the clients reach the wrong director.',
      remedies: [
        {
          title: 'See who the other is, and whether it receives what is sent from here',
          by: ownerOf(readings),
          commands: [`timeout 10 tcpdump -n -v -c 10 -i ${quote(labels.interface ?? '')} vrrp`],
          tradeOff: 'It only looks. Run it on both directors; stop keepalived on the one of lower priority.',
          undo: [],
        },
      ],
      runbook: 'KeepalivedSplitBrain',
    },
  ];
}

/** One may still be under way from a master that just stepped down. */
const fewAdvertisements = 2;

function refusedAdvertisements(readings: Readings, instance: Instance): Finding[] {
  const rises = readings.all(keepalivedVrrpErrorsTotal, instance.labels).flatMap(({ labels }) => {
    const rise = readings.rise(keepalivedVrrpErrorsTotal, labels) ?? 0;
    return rise > 0 ? [`${count(rise)} of kind ${labels.kind} since the reading before`] : [];
  });
  if (rises.length === 0) return [];
  return [
    {
      id: 'advertisements-refused',
      subject: instance.name,
      urgency: 'warning',
      title: `The ${describeInstance(instance)} refuses advertisements`,
      evidence: rises,
      consequence: 'Directors that refuse each other both become master.',
      remedies: [
        {
          title: 'Compare the configurations of both directors: password, addresses, interval, router number',
          by: ownerOf(readings),
          commands: [`timeout 10 tcpdump -n -vv -c 5 -i ${quote(instance.labels.interface ?? '')} vrrp`],
          tradeOff: 'It only looks.',
          undo: [],
        },
      ],
      runbook: 'KeepalivedAdvertisementsRefused',
    },
  ];
}
